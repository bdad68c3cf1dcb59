using Millrace.Execution;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Threads that read restored state beside whoever takes it in, of all that is restored on a silo.
/// Thread-safe.</summary>
/// <param name="execution">Runs them.</param>
internal sealed class ReadThreads(IExecution execution)
{
    /// <summary>Most of them at a time. Each reads some megabytes, and goes.</summary>
    public const int Most = 64;

    private const string ThreadName = "restored state";

    private int _running;

    /// <summary>Runs reads on a thread of their own, unless there are as many as there may be.</summary>
    /// <param name="reads">Blocks.</param>
    /// <returns>Ends with the reads; null when they are not run.</returns>
    public Task? TryRun(Action reads)
    {
        if (Interlocked.Increment(ref _running) > Most)
        {
            Interlocked.Decrement(ref _running);
            return null;
        }

        try
        {
            return execution.RunBlockingAsync(ThreadName, () =>
            {
                try
                {
                    reads();
                }
                finally
                {
                    Interlocked.Decrement(ref _running);
                }
            });
        }
        catch
        {
            // There was no thread to be had.
            Interlocked.Decrement(ref _running);
            throw;
        }
    }
}
