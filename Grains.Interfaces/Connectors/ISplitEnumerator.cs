namespace Millrace.Connectors;

/// <summary>Finds the splits of a source and hands them out to the readers that ask.</summary>
/// <remarks>
/// Runs on the job's side, on a pool thread where it may wait; calls never overlap. Order: <see cref="StartAsync"/>
/// once, then any number of <see cref="NextAsync"/>, <see cref="AddBack"/> and <see cref="Snapshot"/>, then
/// <see cref="IAsyncDisposable.DisposeAsync"/>.
/// </remarks>
public interface ISplitEnumerator<TSplit> : IAsyncDisposable
{
    /// <summary>Before the first reader starts. An exception here fails the job before anything was deployed: input
    /// that does not exist is reported from here.</summary>
    ValueTask StartAsync(CancellationToken cancellationToken);

    /// <summary>The next split for a reader.</summary>
    /// <param name="subtask">Zero-based index of the asking reader's subtask.</param>
    /// <param name="cancellationToken">Canceled after a bounded wait or at the job's end.</param>
    ValueTask<SplitAssignment<TSplit>> NextAsync(int subtask, CancellationToken cancellationToken);

    /// <summary>Takes back splits whose reader failed; they are handed out again, to any reader. After
    /// <see cref="SplitAssignmentKind.NoMore"/> too: the reader that is started anew asks again.</summary>
    /// <param name="splits">As they were handed out since the checkpoint that the reader goes back to.</param>
    /// <param name="subtask">The failed reader's subtask.</param>
    void AddBack(IReadOnlyList<TSplit> splits, int subtask);

    /// <summary>All that another enumerator needs to go on from here
    /// (<see cref="Source{T,TSplit}.RestoreEnumerator"/>), with each checkpoint: what was found and not handed out, and
    /// what is needed to find the rest. Splits that were handed out are no part of it: their readers tell
    /// them.</summary>
    /// <returns>Bytes that a later release of the source can read.</returns>
    /// <exception cref="NotSupportedException">By default: then no checkpoint can be taken.</exception>
    byte[] Snapshot() => throw new NotSupportedException(
        $"{GetType()} does not tell what it has handed out ({nameof(Snapshot)}), so that no checkpoint can be taken of "
        + "it.");
}
