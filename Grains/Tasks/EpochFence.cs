using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>Lets nobody command a silo's subtasks who is no longer in charge of their job. Thread-safe.</summary>
/// <remarks>Remembers the newest epoch of the jobs seen last; those forgotten have nothing left to command.</remarks>
internal sealed class EpochFence
{
    private const int MaxJobs = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, JobEpoch> _newest = [];
    private readonly Queue<JobId> _order = [];

    /// <exception cref="StaleEpochException">A newer epoch was seen.</exception>
    public void Pass(JobId job, JobEpoch epoch)
    {
        lock (_lock)
        {
            if (!_newest.TryGetValue(job, out JobEpoch newest))
            {
                _order.Enqueue(job);
                if (_order.Count > MaxJobs)
                {
                    _newest.Remove(_order.Dequeue());
                }
            }

            if (epoch < newest)
            {
                throw new StaleEpochException(job, epoch, newest);
            }

            _newest[job] = epoch;
        }
    }
}
