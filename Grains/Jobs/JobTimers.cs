using Millrace.Execution;
using Millrace.Jobs.Master;

namespace Millrace.Jobs;

/// <summary>The timers of one job. Lives on the job grain's scheduler.</summary>
/// <param name="execution">Waits.</param>
/// <param name="ending">Ends all of them.</param>
internal sealed class JobTimers(IExecution execution, CancellationToken ending)
{
    private readonly Dictionary<JobTimer, CancellationTokenSource> _running = [];

    /// <summary>Timers that run.</summary>
    public int Count => _running.Count;

    /// <summary>Waits for the time of a timer.</summary>
    /// <returns>False when it was canceled before.</returns>
    public async Task<bool> WaitAsync(JobTimer timer, TimeSpan delay)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ending);
        _running[timer] = cancel;
        try
        {
            await execution.DelayAsync(delay, cancel.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (_running.TryGetValue(timer, out CancellationTokenSource? current) && current == cancel)
            {
                _running.Remove(timer);
            }
        }
    }

    /// <summary>Ends a timer, if it runs.</summary>
    public void Cancel(JobTimer timer)
    {
        if (_running.Remove(timer, out CancellationTokenSource? cancel))
        {
            // What listens is the delay alone, none of the job's code.
            cancel.Cancel();
        }
    }
}
