using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Millrace.Network.Exchange;

/// <summary>Keeps what an exchange logs.</summary>
internal sealed class CollectedLog : ILogger<ConnectionExchange>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public bool Has(string part) => _lines.Any(line => line.Contains(part, StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => _lines.Enqueue(formatter(state, exception));

    public override string ToString() => string.Join('\n', _lines);
}
