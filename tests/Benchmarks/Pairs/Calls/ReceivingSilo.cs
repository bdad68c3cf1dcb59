namespace Millrace.Pairs.Calls;

/// <summary>The process that is called.</summary>
internal sealed class ReceivingSilo : IPeerRole
{
    /// <summary>The grain that is called.</summary>
    public const int Grain = 1;

    private SiloEnd? _silo;

    /// <inheritdoc/>
    public string Do(string verb, string[] arguments)
    {
        switch (verb)
        {
            case "start":
                _silo = new SiloEnd(arguments[0]);
                return _silo.Address;
            case "own":
                // Called first from here, it is here.
                _silo!.Grains.GetGrain<IPayloadGrain>(Grain).TakeAsync([]).GetAwaiter().GetResult();
                return "";
            case "stop":
                Dispose();
                return "";
            default:
                throw new ArgumentException($"A silo does not '{verb}'.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _silo?.Dispose();
        _silo = null;
    }
}
