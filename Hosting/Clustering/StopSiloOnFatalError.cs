using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Millrace.Clustering;

/// <summary>
/// What a silo does that must not go on (declared dead by the others, for one), when it shares its process: it stops
/// itself.
/// Orleans would end the process, and with it tests, clients and the other silos.
/// </summary>
internal sealed class StopSiloOnFatalError(IServiceProvider services, ILogger<StopSiloOnFatalError> logger)
    : IFatalErrorHandler
{
    private int _isStopping;

    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        logger.StoppingSilo(exception, sender?.ToString() ?? "unknown", context ?? "");
        if (Interlocked.Exchange(ref _isStopping, 1) == 0)
        {
            _ = StopAsync();
        }
    }

    private async Task StopAsync()
    {
        // Not on the caller's stack: the caller is part of what is being stopped.
        await Task.Yield();
        try
        {
            // Without grace: whoever is declared dead has nothing left to hand over.
            await services.GetRequiredService<IHost>().StopAsync(new CancellationToken(canceled: true));
        }
        catch (Exception failure)
        {
            logger.StoppingFailed(failure);
        }
    }
}
