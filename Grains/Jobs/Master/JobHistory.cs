using System.Collections.Immutable;
using Millrace.Failures;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>A job's status with its past, and the failures it had.</summary>
internal sealed class JobHistory
{
    private readonly TimeProvider _time;
    private readonly int _maxFailures;
    private readonly Queue<FailureTime> _failures = new();

    public JobHistory(TimeProvider time, int maxFailures, JobStatus status, DateTimeOffset at)
    {
        _time = time;
        _maxFailures = maxFailures;
        Statuses = [new StatusTime(status, at)];
    }

    public JobStatus Status => Statuses[^1].Status;

    public ImmutableArray<StatusTime> Statuses { get; private set; }

    /// <summary>What the job fails of, once it does.</summary>
    public FailureInfo? Root { get; private set; }

    public ImmutableArray<FailureTime> Failures => [.. _failures];

    /// <summary>Grows with every change.</summary>
    public long Changes { get; private set; }

    /// <summary>Changes the status.</summary>
    /// <exception cref="InvalidOperationException">Not from the present one: a mistake of the job master.</exception>
    public void Become(JobStatus status, DateTimeOffset at)
    {
        if (!Status.MayBecome(status))
        {
            throw new InvalidOperationException($"A job cannot become {status} while it is {Status}.");
        }

        Statuses = Statuses.Add(new StatusTime(status, at));
        Changes++;
    }

    public void Become(JobStatus status) => Become(status, _time.GetUtcNow());

    /// <summary>Notes a failure.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="attempt">The attempt that failed, if it was one.</param>
    /// <param name="regions">The regions that run again because of it while the others go on, or null.</param>
    public void Add(FailureInfo failure, ExecutionAttemptId? attempt, IReadOnlyList<int>? regions = null)
    {
        while (_failures.Count >= _maxFailures)
        {
            _failures.Dequeue();
        }

        _failures.Enqueue(new FailureTime(failure, _time.GetUtcNow(), attempt, regions));
        Changes++;
    }

    /// <summary>Says what the job fails of; null when it runs again.</summary>
    public void SetRoot(FailureInfo? failure)
    {
        Root = failure;
        Changes++;
    }
}
