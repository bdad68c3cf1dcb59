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
    /// <param name="number">How many splits the reader has got before.</param>
    /// <param name="upTo">Longest wait.</param>
    /// <param name="cancellationToken">The job stops.</param>
    public abstract Task<SplitAnswer> NextAsync(
        ReaderAttempt reader, long number, TimeSpan upTo, CancellationToken cancellationToken);

    /// <summary>Disposes the enumerator, once no call of it is under way; after a bounded wait it is left
    /// alone.</summary>
    /// <returns>False when it was left alone.</returns>
    public abstract Task<bool> DisposeAsync(TimeSpan upTo);
}

/// <inheritdoc cref="SourceCoordinator"/>
#pragma warning disable CA1001 // A call that never ends may hold the turn for ever, so nobody could dispose it.
internal sealed class SourceCoordinator<TSplit>(
    ISplitEnumerator<TSplit> enumerator, TypeSerializer<TSplit> serializer, IExecution execution) : SourceCoordinator
#pragma warning restore CA1001
{
    private static readonly SplitAnswer NotNow = new(SplitAssignmentKind.NotNow, null);
    private static readonly SplitAnswer NoMore = new(SplitAssignmentKind.NoMore, null);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<int, GivenSplits> _given = [];

    public override ValueTask StartAsync(CancellationToken cancellationToken) =>
        enumerator.StartAsync(cancellationToken);

    public override async Task<SplitAnswer> NextAsync(
        ReaderAttempt reader, long number, TimeSpan upTo, CancellationToken cancellationToken)
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
            return await NextInTurnAsync(reader, number, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return NotNow;
        }
        finally
        {
            _turn.Release();
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
        ReaderAttempt reader, long number, CancellationToken cancellationToken)
    {
        if (!_given.TryGetValue(reader.Subtask, out GivenSplits? given))
        {
            _given.Add(reader.Subtask, given = new GivenSplits());
        }

        if (!given.IsCurrent(reader.Attempt))
        {
            return NotNow;
        }

        // Asked again because the answer was lost: the split is this reader's already.
        if (given.Again(number) is var (repeated, answer) && repeated)
        {
            return answer ?? NotNow;
        }

        if (given.Replay(number) is SplitAnswer former)
        {
            return former;
        }

        SplitAssignment<TSplit> assignment = await enumerator.NextAsync(reader.Subtask, cancellationToken);
        return assignment.Kind switch
        {
            SplitAssignmentKind.Assigned => given.Add(
                number, new SplitAnswer(SplitAssignmentKind.Assigned, BytesOf(assignment.Split!))),
            SplitAssignmentKind.NoMore => NoMore,
            _ => NotNow,
        };
    }

    private byte[] BytesOf(TSplit split)
    {
        using RecordWriter writer = new();
        serializer.Write(writer, in split);
        return writer.WrittenSpan.ToArray();
    }
}
