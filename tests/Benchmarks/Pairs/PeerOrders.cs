namespace Millrace.Pairs;

/// <summary>The second process: reads orders, one a line, until its input ends.</summary>
internal sealed class PeerOrders : IDisposable
{
    /// <summary>What the answer to an order that was carried out begins with.</summary>
    public const string Done = "done ";

    private readonly ProcessorMeter _meter = new();
    private readonly Dictionary<string, IPeerRole> _roles = new()
    {
        ["exchange"] = new Exchanges.ReceivingExchange(),
        ["socket"] = new Sockets.ReceivingSocket(),
        ["tls"] = new Sockets.ReceivingTls(),
        ["calls"] = new Calls.ReceivingSilo(),
    };

    /// <summary>Carries out orders to the end.</summary>
    public void Run(TextReader orders, TextWriter answers)
    {
        while (orders.ReadLine() is string order)
        {
            answers.WriteLine(Answer(order));
            answers.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IPeerRole role in _roles.Values)
        {
            role.Dispose();
        }
    }

    private string Answer(string order)
    {
        try
        {
            return Done + CarryOut(order.Split(' '));
        }
#pragma warning disable CA1031 // Whatever it is, the first process says it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString().ReplaceLineEndings(" | ");
        }
    }

    private string CarryOut(string[] words)
    {
        switch (words[0])
        {
            case "measure":
                _meter.Begin();
                return "";
            case "used":
                return ProcessorMeter.Text(_meter.Used);
            default:
                return _roles.TryGetValue(words[0], out IPeerRole? role)
                    ? role.Do(words[1], words[2..])
                    : throw new ArgumentException($"'{words[0]}' is no role of the second process.");
        }
    }
}

/// <summary>One side of a kind of work between two processes: the side that receives.</summary>
internal interface IPeerRole : IDisposable
{
    /// <summary>Carries out an order.</summary>
    /// <returns>What the first process is to know.</returns>
    string Do(string verb, string[] arguments);
}
