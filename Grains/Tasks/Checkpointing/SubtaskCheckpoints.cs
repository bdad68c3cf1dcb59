using System.Collections.Immutable;
using Millrace.Batches;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Operators;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;
using Millrace.Tasks.Checkpointing.Copies;

namespace Millrace.Tasks.Checkpointing;

/// <summary>The parts of one subtask in the checkpoints of its job. Belongs to its loop.</summary>
/// <remarks>
/// <para>
/// A cut is made when everything before it has gone through the chain: then each operator tells what it keeps, and the
/// barrier goes out behind the results. What an operator has to wait for (a sink that syncs files) holds up only that
/// operator. What they keep is frozen on the loop, and written off it.
/// </para>
/// <para>
/// A cut that has lost patience is made while records wait, in channels and within the chain: they are recorded by
/// reference, and so is what waits to be sent to other silos when the barrier loses patience there.
/// </para>
/// </remarks>
/// <param name="info">The subtask.</param>
/// <param name="settings">How checkpoints are taken; null when none are.</param>
/// <param name="clock">Of the loop's rounds.</param>
/// <param name="environment">Stores state, and takes what came of it.</param>
/// <param name="work">Runs what waits.</param>
internal sealed class SubtaskCheckpoints(
    SubtaskInfo info, CheckpointSettings? settings, RoundClock clock, TaskHostEnvironment environment, SubtaskWork work)
    : IDisposable
{
    private readonly ITaskReporter _reporter = environment.Reporter;
    private readonly LocalCopies? _copies = environment.Local?.Copies;
    private readonly List<StreamOperator> _preparing = [];
    private readonly SubtaskStateWriter _writer = new(environment.Checkpoints, environment.Options.InlineStateBytes);
    private readonly StateChain _states = new(environment.Options);
    private readonly PatienceAlarm _alarm = new(clock, work, environment.Execution);
    private readonly Dictionary<long, CancellationTokenSource> _writing = [];
    private List<(string Id, FrozenOperator Kept)> _taken = [];
    private SplitsReceived? _received;
    private SavepointOrder? _savepoint;
    private int _drained;
    private Task _reported = Task.CompletedTask;
    private SnapshotOrder _order;
    private long _checkpoint;
    private InFlightState _incoming = new();
    private InFlightState _outgoing = new();
    private bool _isSent;
    private long _overtakesAt;
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
        Cut.Begin(
            checkpoint,
            savepoint is null && settings is { MayOvertake: true }
                ? clock.After(settings.AlignedTimeout)
                : CheckpointBarrier.Never);
        if (savepoint?.Kind == SavepointKind.Drain)
        {
            // Nothing is read any more: time comes to its end in front of the cut.
            chain.Head.EndTime();
        }
    }

    /// <summary>At the beginning of a round: goes on with what is under way, makes the cut that has begun.</summary>
    /// <returns>Whether input may be taken.</returns>
    public bool Step(OperatorChain chain)
    {
        Continue(chain);
        chain.Head.LookAhead(clock.Last);
        bool mayTake = !Cut.IsUnderWay || TryCut(chain);
        _alarm.Set(Cut.IsUnderWay ? Cut.OvertakesAt : CheckpointBarrier.Never);
        _alarm.Set(_checkpoint != 0 && !_isSent ? _overtakesAt : CheckpointBarrier.Never);
        return mayTake;
    }

    /// <summary>At the end of a round in which input might be taken: sees to it that the loop is woken when a barrier
    /// in the input loses patience.</summary>
    /// <returns>Whether another round goes on with a cut: one has begun, or a barrier has lost patience.</returns>
    public bool IsDue(OperatorChain chain)
    {
        long patienceEnds = chain.Head.OvertakesAt;
        _alarm.Set(patienceEnds);
        return Cut.IsUnderWay || patienceEnds <= clock.Last;
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
        if (_copies is not null && _states.Completed is var (own, files))
        {
            _copies.Superseded(info.Attempt, Math.Max(own, ended), files);
        }

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
            _reporter.Report(
                info.Attempt.Job,
                info.Epoch,
                new TaskReport(info.Attempt, ExecutionState.Running, null, null, IsEnding: true));
        }
    }

    /// <summary>The subtask closes: what it has taken and not begun to store is given back.</summary>
    public void Dispose() => new FrozenSubtask(_taken, _incoming, _outgoing).Dispose();

    // False when what came before the cut has not gone through and may not be overtaken yet, or the part before it is
    // not done: no input may be taken.
    private bool TryCut(OperatorChain chain)
    {
        if (chain.HasSeenEnd)
        {
            // It finishes, and counts as finished.
            Cut.Pass();
            return true;
        }

        bool isDrained = chain.ResumeForCut(clock);
        if (_checkpoint != 0)
        {
            return false;
        }

        if (isDrained)
        {
            chain.EndRound();
            isDrained = chain.IsDrained;
        }

        bool isReady = isDrained
            ? Cut.Savepoint?.Kind != SavepointKind.Drain || chain.TryDrain(ref _drained)
            : MayOvertake(chain);
        if (!isReady)
        {
            return false;
        }

        Make(chain);
        return true;
    }

    private bool MayOvertake(OperatorChain chain)
    {
        if (clock.Last < Cut.OvertakesAt)
        {
            return false;
        }

        chain.EndRound();
        return chain.HoldStill();
    }

    private void Make(OperatorChain chain)
    {
        Cut.Times.CutBegins();
        _checkpoint = Cut.Last;
        _isSent = false;
        _overtakesAt = Cut.OvertakesAt;
        _savepoint = Cut.Savepoint;
        _order = _states.Begin(_checkpoint, isSavepoint: _savepoint is not null);
        _received = chain.Head.SplitsReceived;
        foreach (ChainInput input in chain.Links.InFlight)
        {
            input.Record(_incoming);
        }

        foreach (StreamOperator step in chain.Steps)
        {
            if (step.PrepareSnapshot())
            {
                Take(chain, step);
                continue;
            }

            _preparing.Add(step);
        }

        chain.EmitBarrier(_checkpoint, _overtakesAt, _savepoint);
        Cut.End();
        Cut.Times.CutEnds();
        Continue(chain);
    }

    // Takes what operators had to wait for, as far as it is there.
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

        _isSent = _isSent || Send(chain);
        if (_preparing.Count == 0 && _isSent)
        {
            Store();
        }
    }

    // What stands in front of the barrier is for this subtask to record as long as it is here. On a way where barriers
    // overtake nothing it is nobody's: the consumer waits until it has come.
    private bool Send(OperatorChain chain)
    {
        if (_overtakesAt == CheckpointBarrier.Never)
        {
            return true;
        }

        bool hasPatience = clock.Last < _overtakesAt;
        foreach (ChainOutput output in chain.Links.Leaving)
        {
            if (!output.MayBeOvertaken || output.HasSent(_checkpoint))
            {
                continue;
            }

            if (hasPatience)
            {
                return false;
            }

            output.Overtake(_checkpoint, _outgoing);
        }

        return true;
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
        FrozenSubtask taken = new(_taken, _incoming, _outgoing);
        (InFlightState incoming, InFlightState outgoing) = (_incoming, _outgoing);
        ImmutableArray<OperatorCommittables> committables =
        [
            .. _taken.Where(static one => one.Kept.Committables.Count > 0).Select(static one =>
                new OperatorCommittables(OperatorId.Parse(one.Id), [.. one.Kept.Committables])),
        ];
        (_taken, _incoming, _outgoing) = ([], new InFlightState(), new InFlightState());
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
                SubtaskTable table = new();
                (StateHandle? state, FailureInfo? failure) = await StoreAsync(
                    checkpoint, savepoint, taken, table, either.Token, giveUp.Token);

                // In order: a completed checkpoint has to know of all that sinks have left before it.
                await before;
                _reporter.Report(info.Attempt.Job, info.Epoch, new TaskReport(
                    info.Attempt,
                    ExecutionState.Running,
                    Failure: null,
                    Result: null,
                    Checkpoint: new SubtaskCheckpoint(
                        checkpoint,
                        state,
                        failure,
                        committables,
                        received,
                        former,
                        state is null ? [] : PartSizes.OfOperators(table),
                        times.Stored(),
                        table.InFlightBytes,
                        PartSizes.InFlight(incoming, outgoing))));
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
        FrozenSubtask taken,
        SubtaskTable table,
        CancellationToken cancellationToken,
        CancellationToken givenUp)
    {
        string file = savepoint is null
            ? CheckpointFiles.State(new CheckpointReference(checkpoint, info.Epoch), info.Attempt)
            : SavepointFiles.State(savepoint.Folder, info.Attempt);
        try
        {
            StateHandle written = await _writer.WriteAsync(info.Attempt.Job, file, taken, table, cancellationToken);
            return (_states.Written(checkpoint, written, taken.IsChange), null);
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
            taken.Dispose();
        }
    }
}
