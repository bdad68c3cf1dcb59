using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Operators;
using Millrace.State.Snapshots;

namespace Millrace.Tasks.Checkpointing;

/// <summary>The parts of one subtask in the checkpoints of its job. Belongs to its loop.</summary>
/// <remarks>A cut is made when everything before it has gone through the chain: then each operator tells what it
/// keeps, and the barrier goes out behind the results. What an operator has to wait for (a sink that syncs
/// files) holds up only that operator. What they keep is frozen on the loop, and written off it.</remarks>
/// <param name="info">The subtask.</param>
/// <param name="storage">Where state is stored.</param>
/// <param name="work">Runs what waits.</param>
/// <param name="reporter">Takes what came of it.</param>
/// <param name="options">Whether a checkpoint may build upon another one.</param>
internal sealed class SubtaskCheckpoints(
    SubtaskInfo info, ICheckpointStorage storage, SubtaskWork work, ITaskReporter reporter, TaskHostOptions options)
{
    private readonly List<StreamOperator> _preparing = [];
    private readonly SubtaskStateWriter _writer = new(storage, options.InlineStateBytes);
    private readonly StateChain _states = new(options);
    private readonly Dictionary<long, CancellationTokenSource> _writing = [];
    private List<(string Id, FrozenOperator Kept)> _taken = [];
    private SplitsReceived? _received;
    private SavepointOrder? _savepoint;
    private int _drained;
    private Task _reported = Task.CompletedTask;
    private SnapshotOrder _order;
    private long _checkpoint;
    private long _ended;
    private bool _toldEnding;

    /// <summary>Whether a part is under way: until it is told, the subtask may not end.</summary>
    public bool IsBusy => _checkpoint != 0 || !_reported.IsCompleted;

    /// <summary>What a former attempt had left when it finished, or null: it goes along with each part.</summary>
    public TaskResult? Former { get; set; }

    /// <summary>Where the subtask cuts its input.</summary>
    public CheckpointCut Cut { get; } = new(work.Time);

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

        Cut.Times.CutBegins();
        _checkpoint = Cut.Last;
        _savepoint = Cut.Savepoint;
        _order = _states.Begin(_checkpoint, isSavepoint: _savepoint is not null);
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
        Cut.Times.CutEnds();
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

    /// <summary>Checkpoints are over: what is still written for them is given up, and of the one that is complete the
    /// operators hear.</summary>
    /// <param name="chain">The operators.</param>
    /// <param name="completed">The latest one that is complete.</param>
    /// <param name="ended">The latest one that is over.</param>
    public void Ended(OperatorChain chain, long completed, long ended)
    {
        if (_states.Ended(completed, ended))
        {
            foreach (StreamOperator step in chain.Steps)
            {
                step.CheckpointCompleted(completed);
            }
        }

        _ended = Math.Max(_ended, ended);
        foreach (long checkpoint in _writing.Keys.Where(number => number <= ended).ToArray())
        {
            _writing.Remove(checkpoint, out CancellationTokenSource? giveUp);
            giveUp!.Cancel();
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
        FrozenOperator kept = step.Freeze(in _order);
        if (chain.IdOf(step) is { } id)
        {
            _taken.Add((id, kept));
            return;
        }

        kept.Dispose();
    }

    private void Store()
    {
        long checkpoint = _checkpoint;
        _checkpoint = 0;
        List<(string Id, FrozenOperator Kept)> taken = _taken;
        _taken = [];
        ImmutableArray<OperatorCommittables> committables =
        [
            .. taken.Where(static one => one.Kept.Committables.Count > 0).Select(static one =>
                new OperatorCommittables(OperatorId.Parse(one.Id), [.. one.Kept.Committables])),
        ];
        SavepointOrder? savepoint = _savepoint;
        SplitsReceived? received = _received;
        Task before = _reported;
        TaskResult? former = Former;
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reported = told.Task;
        PartTime times = Cut.Times.Taken();
        CancellationTokenSource giveUp = new();
        if (checkpoint <= _ended)
        {
            // The cut came too late: what sinks have written is told, and nothing is stored.
            giveUp.Cancel();
        }
        else
        {
            _writing[checkpoint] = giveUp;
        }

        work.Run(async token =>
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(token, giveUp.Token);
                List<OperatorStateSize> sizes = [];
                (StateHandle? state, FailureInfo? failure) = await StoreAsync(
                    checkpoint, savepoint, taken, sizes, either.Token, giveUp.Token);

                // In order: a completed checkpoint has to know of all that sinks have left before it.
                await before;
                reporter.Report(info.Attempt.Job, info.Epoch, new TaskReport(
                    info.Attempt,
                    ExecutionState.Running,
                    Failure: null,
                    Result: null,
                    Checkpoint: new SubtaskCheckpoint(
                        checkpoint, state, failure, committables, received, former, [.. sizes], times.Stored())));
            }
            finally
            {
                told.SetResult();
            }
        });
    }

    // What is written for a checkpoint that is over ends; the subtask goes on.
    private async Task<(StateHandle? State, FailureInfo? Failure)> StoreAsync(
        long checkpoint,
        SavepointOrder? savepoint,
        List<(string Id, FrozenOperator Kept)> taken,
        List<OperatorStateSize> sizes,
        CancellationToken cancellationToken,
        CancellationToken givenUp)
    {
        string file = savepoint is null
            ? CheckpointFiles.State(new CheckpointReference(checkpoint, info.Epoch), info.Attempt)
            : SavepointFiles.State(savepoint.Folder, info.Attempt);
        try
        {
            StateHandle written = await _writer.WriteAsync(info.Attempt.Job, file, taken, sizes, cancellationToken);
            bool isChange = taken.Exists(static one => one.Kept.Keyed?.IsChange == true);
            return (_states.Written(checkpoint, written, isChange), null);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or TimeoutException
            || (exception is OperationCanceledException && givenUp.IsCancellationRequested))
        {
            return (null, FailureInfo.Of(exception, FailurePlace.Unknown with { Silo = info.Silo }));
        }
        finally
        {
            // Whatever came of it: from now on the operators need not keep what they had.
            taken.ForEach(static one => one.Kept.Dispose());
        }
    }
}
