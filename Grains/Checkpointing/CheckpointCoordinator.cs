using System.Collections.Immutable;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>Counts the checkpoints of one job and puts their parts together. A plain class: it waits for
/// nothing.</summary>
/// <remarks>One checkpoint at a time is under way. What sinks have to commit is kept from the moment it is told until a
/// checkpoint that holds it is complete, whichever that is.</remarks>
/// <param name="settings">How patient it is.</param>
/// <param name="former">The latest one that an older epoch completed, or null.</param>
internal sealed class CheckpointCoordinator(CheckpointSettings settings, RetainedCheckpoint? former)
{
    private readonly List<Told> _uncommitted = [];
    private long _last = former?.Number ?? 0;
    private readonly Dictionary<ExecutionAttemptId, long> _taken = [];
    private CompletedCheckpoint? _latest = former?.Shown;
    private int _failures;
    private long _completed;
    private long _failed;

    /// <summary>The checkpoint under way, or null.</summary>
    public PendingCheckpoint? Pending { get; private set; }

    public CheckpointSettings Settings => settings;

    /// <summary>The highest number of a checkpoint that was begun.</summary>
    public long LastNumber => _last;

    /// <summary>The lowest number of a checkpoint that is under way, or else that of the next one.</summary>
    public long OldestPending => Pending?.Number ?? _last + 1;

    /// <summary>What there is to show.</summary>
    public CheckpointOverview Overview => new(_completed, _failed, _latest);

    /// <summary>Begins a checkpoint. None may be under way.</summary>
    public PendingCheckpoint Begin(IEnumerable<ExecutionAttemptId> attempts, DateTimeOffset now)
    {
        if (Pending is not null)
        {
            throw new InvalidOperationException($"Checkpoint {Pending.Number} is still under way.");
        }

        Pending = new PendingCheckpoint(++_last, attempts, now);
        return Pending;
    }

    /// <summary>A subtask's part has come, of whatever checkpoint. One that comes again, as a report does whose answer
    /// was lost, changes nothing: those of a subtask come in order.</summary>
    public void Take(ExecutionAttemptId attempt, SubtaskCheckpoint part)
    {
        if (part.Checkpoint <= _taken.GetValueOrDefault(attempt))
        {
            return;
        }

        _taken[attempt] = part.Checkpoint;
        _uncommitted.AddRange(part.Committables.Select(
            committables => new Told(part.Checkpoint, attempt, committables)));
        if (Pending?.Number == part.Checkpoint && part.State is not null)
        {
            Pending.Take(attempt, part);
        }
    }

    /// <summary>The checkpoint under way is completed and recorded: what it commits is not kept any more.</summary>
    public RetainedCheckpoint Completed(CheckpointMetadata metadata)
    {
        PendingCheckpoint done = Pending!;
        long number = done.Number;
        RetainedCheckpoint completed = new(
            number,
            metadata.Epoch,
            metadata.CompletedAt,
            metadata.CompletedAt - done.BeganAt,
            done.Bytes,
            Commits: !metadata.Committables.IsEmpty);
        _latest = completed.Shown;
        _completed++;
        _uncommitted.RemoveAll(entry => entry.Checkpoint <= number);
        Pending = null;
        _failures = 0;
        return completed;
    }

    /// <summary>The job goes on from another one than the last that was completed.</summary>
    public void GoBackTo(RetainedCheckpoint? latest) => _latest = latest?.Shown;

    /// <summary>The checkpoint under way is given up.</summary>
    /// <returns>Whether so many have failed in a row that the job has to.</returns>
    public bool Failed()
    {
        Pending = null;
        _failed++;
        return ++_failures > settings.ToleratedFailures;
    }

    /// <summary>The checkpoint under way is not waited for any more, for no fault of its own.</summary>
    public void Abandon() => Pending = null;

    /// <summary>The job begins anew from a completed checkpoint: nothing since then counts.</summary>
    public void Reset()
    {
        Pending = null;
        _failures = 0;
        _uncommitted.Clear();
        _taken.Clear();
    }

    /// <summary>Some subtasks begin anew from a completed checkpoint: nothing that they have told since then counts.
    /// None may be under way.</summary>
    public void Reset(IReadOnlySet<ExecutionAttemptId> attempts)
    {
        _uncommitted.RemoveAll(entry => attempts.Contains(entry.Attempt));
        foreach (ExecutionAttemptId attempt in attempts)
        {
            _taken.Remove(attempt);
        }
    }

    /// <summary>What sinks have told up to a checkpoint that no completed one holds.</summary>
    public ImmutableArray<OperatorCommittables> Uncommitted(long upTo) => OperatorCommittables.BySink(
        _uncommitted.Where(entry => entry.Checkpoint <= upTo).Select(static entry => entry.Committables));

    /// <summary>What the sinks of a subtask have to commit.</summary>
    private sealed record Told(long Checkpoint, ExecutionAttemptId Attempt, OperatorCommittables Committables);
}
