using Microsoft.Extensions.Logging;

namespace Millrace.Clustering;

/// <summary>Cancels as soon as a warning is logged, in the midst of what logs it.</summary>
internal sealed class CancelsOnWarning(CancellationTokenSource source) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
        {
            source.Cancel();
        }
    }

    public void Dispose()
    {
    }
}
