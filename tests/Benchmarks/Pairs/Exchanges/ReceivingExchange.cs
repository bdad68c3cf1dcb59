using System.Globalization;

namespace Millrace.Pairs.Exchanges;

/// <summary>The process that runs the sinks.</summary>
internal sealed class ReceivingExchange : IPeerRole
{
    private ExchangeEnd? _end;
    private RemoteProgram? _program;

    private ExchangeEnd End => _end ?? throw new InvalidOperationException("The exchange is not open.");

    /// <inheritdoc/>
    public string Do(string verb, string[] arguments)
    {
        switch (verb)
        {
            case "open":
                _end = new ExchangeEnd(1, arguments is [string identity] ? PairIdentity.Read(identity) : null);
                return _end.EndPoint;
            case "deploy":
                _program = RemoteProgram.Create(arguments[0], Number(arguments[1]));
                End.Deploy(_program, Number(arguments[2]), arguments[3], End.EndPoint);
                return "";
            case "run":
                End.Run();
                return _program!.Outcome();
            default:
                throw new ArgumentException($"An exchange does not '{verb}'.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _end?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
