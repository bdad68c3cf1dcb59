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
    /// <param name="subtask">The reader's subtask.</param>
    /// <param name="number">How many splits the reader has got before.</param>
    /// <param name="upTo">Longest wait.</param>
    /// <param name="cancellationToken">The job stops.</param>
    public abstract Task<SplitAnswer> NextAsync(
        int subtask, long number, TimeSpan upTo, CancellationToken cancellationToken);

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
    private readonly Dictionary<int, (long Number, SplitAnswer Answer)> _given = [];

    public override ValueTask StartAsync(CancellationToken cancellationToken) =>
        enumerator.StartAsync(cancellationToken);

    public override async Task<SplitAnswer> NextAsync(
        int subtask, long number, TimeSpan upTo, CancellationToken cancellationToken)
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
            return await NextInTurnAsync(subtask, number, either.Token);
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

    private async Task<SplitAnswer> NextInTurnAsync(int subtask, long number, CancellationToken cancellationToken)
    {
        // Asked again because the answer was lost: the split is this reader's already.
        if (_given.TryGetValue(subtask, out (long Number, SplitAnswer Answer) last) && number <= last.Number)
        {
            return number == last.Number ? last.Answer : NotNow;
        }

        SplitAssignment<TSplit> assignment = await enumerator.NextAsync(subtask, cancellationToken);
        switch (assignment.Kind)
        {
            case SplitAssignmentKind.Assigned:
                SplitAnswer answer = new(SplitAssignmentKind.Assigned, BytesOf(assignment.Split!));
                _given[subtask] = (number, answer);
                return answer;
            case SplitAssignmentKind.NoMore:
                return NoMore;
            default:
                return NotNow;
        }
    }

    private byte[] BytesOf(TSplit split)
    {
        using RecordWriter writer = new();
        serializer.Write(writer, in split);
        return writer.WrittenSpan.ToArray();
    }
}
