using Millrace.Execution;

namespace Millrace.Tasks;

/// <summary>Work that the operators of one subtask have started off its loop. Thread-safe.</summary>
/// <remarks>The subtask does not end before all of it has. Work that fails fails the subtask.</remarks>
internal sealed class SubtaskWork(IExecution execution, Action wake, Action<Exception> failed, CancellationToken stop)
{
    private int _running;

    /// <summary>The clock.</summary>
    public TimeProvider Time => execution.Time;

    /// <summary>Whether work is under way.</summary>
    public bool IsRunning => Volatile.Read(ref _running) > 0;

    public void Run(Func<CancellationToken, ValueTask> work) =>
        Observe(token => execution.RunAsync(async () => await work(token)));

    public void RunBlocking(string name, Action<CancellationToken> work) =>
        Observe(token => execution.RunBlockingAsync(name, () => work(token)));

    public void WakeAfter(TimeSpan delay) => Observe(token => execution.DelayAsync(delay, token));

    private void Observe(Func<CancellationToken, Task> start)
    {
        Interlocked.Increment(ref _running);
        _ = execution.RunAsync(() => FinishAsync(start));
    }

    // Its task is the one place where the work's end is seen, whatever that end is.
    private async Task FinishAsync(Func<CancellationToken, Task> start)
    {
        try
        {
            await start(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to.
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failed(exception);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            wake();
        }
    }
}
