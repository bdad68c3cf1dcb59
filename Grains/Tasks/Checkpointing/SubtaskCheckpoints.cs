using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution.Spilling;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Operators;
using Millrace.State.Snapshots;

namespace Millrace.Tasks.Checkpointing;

/// <summary>The parts of one subtask in the checkpoints of its job. Belongs to its loop.</summary>
/// <remarks>A cut is made when everything before it has gone through the chain: then each operator tells what it
/// keeps, and the barrier goes out behind the results. What an operator has to wait for (a sink that syncs
/// files) holds up only that operator. The bytes are stored off the loop.</remarks>
/// <param name="info">The subtask.</param>
/// <param name="storage">Where state is stored.</param>
/// <param name="work">Runs what waits.</param>
/// <param name="reporter">Takes what came of it.</param>
internal sealed class SubtaskCheckpoints(
    SubtaskInfo info, ICheckpointStorage storage, SubtaskWork work, ITaskReporter reporter)
{
    /// <summary>State of fewer bytes travels with the report: thousands of small files would cost more.</summary>
    private const int InlineBytes = 20 << 10;

    private readonly List<StreamOperator> _preparing = [];
    private readonly List<(string Id, OperatorSnapshot Snapshot)> _taken = [];
    private SplitsReceived? _received;
    private SavepointOrder? _savepoint;
    private int _drained;
    private Task _reported = Task.CompletedTask;
    private long _checkpoint;
    private bool _toldEnding;

    /// <summary>Whether a part is under way: until it is told, the subtask may not end.</summary>
    public bool IsBusy => _checkpoint != 0 || !_reported.IsCompleted;

    /// <summary>What a former attempt had left when it finished, or null: it goes along with each part.</summary>
    public TaskResult? Former { get; set; }

    /// <summary>Where the subtask cuts its input.</summary>
    public CheckpointCut Cut { get; } = new();

    /// <summary>A checkpoint begins with this subtask, a source. One that has finished lets it pass.</summary>
    public void Trigger(OperatorChain chain, long checkpoint, SavepointOrder? savepoint)
    {
        bool isLate = checkpoint <= Cut.Last || (savepoint is { Halts: true } && Cut.IsGivenUp(checkpoint));
        if (chain.Links.Inputs.Count > 0 || chain.HasSeenEnd || isLate)
        {
            return;
        }

        Cut.Expect(checkpoint, savepoint);
        Cut.Begin(checkpoint);
        if (savepoint?.Kind == SavepointKind.Drain)
        {
            // Nothing is read any more: time comes to its end in front of the cut.
            chain.Head.EndTime();
        }
    }

    /// <summary>Goes on with what is under way.</summary>
    /// <returns>False when no input may be taken.</returns>
    public bool Step(OperatorChain chain)
    {
        Continue(chain);
        return !Cut.IsUnderWay || TryCut(chain);
    }

    /// <summary>Makes the cut that is under way, if what came before it has gone through and the part before it is
    /// done.</summary>
    /// <returns>False when that is not so yet: no input may be taken.</returns>
    private bool TryCut(OperatorChain chain)
    {
        if (chain.HasSeenEnd)
        {
            // It finishes, and counts as finished.
            Cut.Pass();
            return true;
        }

        if (!chain.Resume() || _checkpoint != 0)
        {
            return false;
        }

        chain.EndRound();
        if (!chain.IsDrained || (Cut.Savepoint?.Kind == SavepointKind.Drain && !chain.TryDrain(ref _drained)))
        {
            return false;
        }

        _checkpoint = Cut.Last;
        _savepoint = Cut.Savepoint;
        _received = chain.Head.SplitsReceived;
        foreach (StreamOperator step in chain.Steps)
        {
            if (step.PrepareSnapshot())
            {
                Take(chain, step);
                continue;
            }

            _preparing.Add(step);
        }

        chain.EmitBarrier(_checkpoint, _savepoint);
        Cut.End();
        Continue(chain);
        return true;
    }

    /// <summary>Takes what operators had to wait for, as far as it is there.</summary>
    private void Continue(OperatorChain chain)
    {
        if (_checkpoint == 0)
        {
            return;
        }

        for (int i = _preparing.Count - 1; i >= 0; i--)
        {
            if (_preparing[i].PrepareSnapshot())
            {
                Take(chain, _preparing[i]);
                _preparing.RemoveAt(i);
            }
        }

        if (_preparing.Count == 0)
        {
            Store();
        }
    }

    /// <summary>Tells, once, of a source that has read everything and is not done with it yet: until it is, its job
    /// begins no checkpoint.</summary>
    public void TellEnding(OperatorChain chain)
    {
        if (!_toldEnding && chain.HasSeenEnd && chain.Links.Inputs.Count == 0 && info.TakesCheckpoints)
        {
            _toldEnding = true;
            reporter.Report(
                info.Attempt.Job,
                info.Epoch,
                new TaskReport(info.Attempt, ExecutionState.Running, null, null, IsEnding: true));
        }
    }

    private void Take(OperatorChain chain, StreamOperator step)
    {
        OperatorSnapshot snapshot = step.Snapshot();
        if (chain.IdOf(step) is { } id)
        {
            _taken.Add((id, snapshot));
        }
    }

    private void Store()
    {
        long checkpoint = _checkpoint;
        _checkpoint = 0;
        byte[] bytes = SubtaskSnapshotFormat.Write(_taken);
        ImmutableArray<OperatorCommittables> committables =
        [
            .. _taken.Where(taken => taken.Snapshot.Committables.Count > 0).Select(taken =>
                new OperatorCommittables(OperatorId.Parse(taken.Id), [.. taken.Snapshot.Committables])),
        ];
        OperatorStateSize[] sizes = SizesOf(_taken);
        _taken.Clear();
        SavepointOrder? savepoint = _savepoint;
        SplitsReceived? received = _received;
        Task before = _reported;
        TaskResult? former = Former;
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reported = told.Task;
        work.Run(async token =>
        {
            try
            {
                (StateHandle? state, FailureInfo? failure) = await StoreAsync(checkpoint, savepoint, bytes, token);

                // In order: a completed checkpoint has to know of all that sinks have left before it.
                await before;
                reporter.Report(info.Attempt.Job, info.Epoch, new TaskReport(
                    info.Attempt,
                    ExecutionState.Running,
                    Failure: null,
                    Result: null,
                    Checkpoint: new SubtaskCheckpoint(
                        checkpoint, state, failure, committables, received, former, sizes)));
            }
            finally
            {
                told.SetResult();
            }
        });
    }

    private static OperatorStateSize[] SizesOf(List<(string Id, OperatorSnapshot Snapshot)> taken) =>
    [
        .. taken
            .Select(one => new OperatorStateSize(
                OperatorId.Parse(one.Id),
                one.Snapshot.Keyed.Length,
                one.Snapshot.Unkeyed.Length + one.Snapshot.Items.Values.Sum(static value => (long)value.Length)))
            .Where(static size => size.KeyedBytes + size.OtherBytes > 0),
    ];

    private async Task<(StateHandle? State, FailureInfo? Failure)> StoreAsync(
        long checkpoint, SavepointOrder? savepoint, byte[] bytes, CancellationToken cancellationToken)
    {
        uint checksum = Checksum.Of(bytes);
        if (bytes.Length <= InlineBytes)
        {
            return (new StateHandle(null, bytes, bytes.Length, checksum), null);
        }

        string file = savepoint is null
            ? CheckpointFiles.State(new CheckpointReference(checkpoint, info.Epoch), info.Attempt)
            : SavepointFiles.State(savepoint.Folder, info.Attempt);
        try
        {
            await storage.WriteAsync(info.Attempt.Job, file, bytes, cancellationToken);
            return (new StateHandle(file, null, bytes.Length, checksum), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            return (null, FailureInfo.Of(exception, FailurePlace.Unknown with { Silo = info.Silo }));
        }
    }
}
