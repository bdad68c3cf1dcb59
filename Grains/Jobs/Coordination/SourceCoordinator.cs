using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Serialization;

namespace Millrace.Jobs.Coordination;

/// <summary>The job's side of one source: its enumerator, whose calls never overlap. Thread-safe; every call comes on a
/// pool thread.</summary>
internal abstract class SourceCoordinator
{
    /// <summary>Before the first reader starts.</summary>
    public abstract ValueTask StartAsync(CancellationToken cancellationToken);

    /// <summary>A split for a reader, or after a bounded wait the answer to ask again.</summary>
    /// <remarks>A new attempt of a reader gets what the one before it had been given, and then goes on: alone it runs
    /// again when what it read is lost.</remarks>
    /// <param name="reader">The reader's subtask and attempt.</param>
    /// <param name="question">What it asks.</param>
    /// <param name="upTo">Longest wait.</param>
    /// <param name="cancellationToken">The job stops.</param>
    public abstract Task<SplitAnswer> NextAsync(
        ReaderAttempt reader, SplitQuestion question, TimeSpan upTo, CancellationToken cancellationToken);

    /// <summary>Tells where a checkpoint begins. From then on a reader that has not passed its cut is told to ask
    /// again, until <see cref="Settle"/>: what it got now would be read twice after a restart.</summary>
    public abstract Task<SourceSnapshot> SnapshotAsync(
        OperatorId source, long checkpoint, CancellationToken cancellationToken);

    /// <summary>A checkpoint is over.</summary>
    /// <param name="checkpoint">Its number; a later <see cref="SnapshotAsync"/> for it holds back nobody.</param>
    /// <param name="received">When it is complete: how many splits each reader has got for good.</param>
    public abstract void Settle(long checkpoint, IReadOnlyDictionary<int, long>? received);

    /// <summary>New attempts of readers go on from the latest completed checkpoint while the others read on: each is
    /// given again what its reader got since. Questions of older attempts are refused from then on.</summary>
    /// <param name="attempt">Number of the new attempts.</param>
    /// <param name="subtasks">The readers.</param>
    public abstract void Reset(int attempt, IReadOnlyCollection<int> subtasks);

    /// <summary>Disposes the enumerator, once no call of it is under way; after a bounded wait it is left
    /// alone.</summary>
    /// <returns>False when it was left alone.</returns>
    public abstract Task<bool> DisposeAsync(TimeSpan upTo);
}

/// <inheritdoc cref="SourceCoordinator"/>
#pragma warning disable CA1001 // A call that never ends may hold the turn for ever, so nobody could dispose it.
internal sealed class SourceCoordinator<TSplit>(
    ISplitEnumerator<TSplit> enumerator,
    TypeSerializer<TSplit> serializer,
    IExecution execution,
    IEnumerable<byte[]>? returned = null) : SourceCoordinator
#pragma warning restore CA1001
{
    private static readonly SplitAnswer NotNow = new(SplitAssignmentKind.NotNow, null);
    private static readonly SplitAnswer NoMore = new(SplitAssignmentKind.NoMore, null);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<int, GivenSplits> _given = [];
    private readonly Queue<byte[]> _returned = new(returned ?? []);
    private readonly Lock _gate = new();
    private readonly Queue<Action> _changes = [];
    private CancellationTokenSource? _asking;
    private long _checkpoint;
    private long _settled;

    public override async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await enumerator.StartAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async Task<SplitAnswer> NextAsync(
        ReaderAttempt reader, SplitQuestion question, TimeSpan upTo, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(upTo, execution.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _turn.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return NotNow;
        }

        try
        {
            lock (_gate)
            {
                _asking = either;
            }

            return await NextInTurnAsync(reader, question, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return NotNow;
        }
        finally
        {
            lock (_gate)
            {
                _asking = null;
            }

            _turn.Release();
        }
    }

    public override async Task<SourceSnapshot> SnapshotAsync(
        OperatorId source, long checkpoint, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Whoever waits for a split asks again: a checkpoint does not wait for input.
            _checkpoint = checkpoint > _settled ? checkpoint : 0;
            _asking?.Cancel();
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            TakeChanges();
            return new SourceSnapshot(
                source,
                enumerator.Snapshot(),
                [.. _returned],
                [
                    .. _given.SelectMany(reader => reader.Value.Unsettled().Select(given =>
                        new GivenSplit(reader.Key, given.Number, given.Split))),
                ])
            {
                Shape = ReturnedSplits.ShapeOf(serializer),
            };
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Settle(long checkpoint, IReadOnlyDictionary<int, long>? received)
    {
        lock (_gate)
        {
            _settled = Math.Max(_settled, checkpoint);
            _checkpoint = _checkpoint > _settled ? _checkpoint : 0;
            if (received is not null)
            {
                _changes.Enqueue(() => SettleReaders(received));
            }
        }
    }

    public override void Reset(int attempt, IReadOnlyCollection<int> subtasks)
    {
        lock (_gate)
        {
            _changes.Enqueue(() => ResetReaders(attempt, subtasks));
        }
    }

    public override async Task<bool> DisposeAsync(TimeSpan upTo)
    {
        using CancellationTokenSource patience = new(upTo, execution.Time);
        try
        {
            await _turn.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        // The turn is kept: whoever comes now is too late.
        await enumerator.DisposeAsync();
        return true;
    }

    private async Task<SplitAnswer> NextInTurnAsync(
        ReaderAttempt reader, SplitQuestion question, CancellationToken cancellationToken)
    {
        long checkpoint = TakeChanges();
        GivenSplits given = GivenTo(reader.Subtask);
        if (!given.IsCurrent(reader.Attempt))
        {
            return NotNow;
        }

        // Asked again because the answer was lost: the split is this reader's already.
        if (given.Again(question.Number) is var (repeated, answer) && repeated)
        {
            return answer ?? NotNow;
        }

        if (given.Replay(question.Number) is SplitAnswer former)
        {
            return former;
        }

        if (question.Checkpoint < checkpoint)
        {
            return NotNow;
        }

        if (_returned.TryDequeue(out byte[]? returned))
        {
            return given.Add(question.Number, new SplitAnswer(SplitAssignmentKind.Assigned, returned));
        }

        SplitAssignment<TSplit> assignment = await enumerator.NextAsync(reader.Subtask, cancellationToken);
        return assignment.Kind switch
        {
            SplitAssignmentKind.Assigned => given.Add(
                question.Number, new SplitAnswer(SplitAssignmentKind.Assigned, BytesOf(assignment.Split!))),
            SplitAssignmentKind.NoMore => NoMore,
            _ => NotNow,
        };
    }

    // In turn, and in the order in which it was told: here nobody else looks at what was given.
    private long TakeChanges()
    {
        Action[] changes;
        long checkpoint;
        lock (_gate)
        {
            changes = [.. _changes];
            _changes.Clear();
            checkpoint = _checkpoint;
        }

        Array.ForEach(changes, static change => change());
        return checkpoint;
    }

    private void SettleReaders(IReadOnlyDictionary<int, long> received)
    {
        foreach ((int subtask, long count) in received)
        {
            if (_given.TryGetValue(subtask, out GivenSplits? given))
            {
                given.Settle(count);
            }
        }
    }

    private void ResetReaders(int attempt, IReadOnlyCollection<int> subtasks)
    {
        foreach (int subtask in subtasks)
        {
            GivenTo(subtask).Reset(attempt);
        }
    }

    private GivenSplits GivenTo(int subtask)
    {
        if (!_given.TryGetValue(subtask, out GivenSplits? given))
        {
            _given.Add(subtask, given = new GivenSplits());
        }

        return given;
    }

    private byte[] BytesOf(TSplit split)
    {
        using RecordWriter writer = new();
        serializer.Write(writer, in split);
        return writer.WrittenSpan.ToArray();
    }
}
