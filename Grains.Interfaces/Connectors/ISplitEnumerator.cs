namespace Millrace.Connectors;

/// <summary>Finds the splits of a source and hands them out to the readers that ask.</summary>
/// <remarks>
/// Runs on the job's side, on a pool thread where it may wait; calls never overlap. Order: <see cref="StartAsync"/>
/// once, then any number of <see cref="NextAsync"/> and <see cref="AddBack"/>, then
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

    /// <summary>Takes back splits whose reader failed; they are handed out again.</summary>
    void AddBack(IReadOnlyList<TSplit> splits, int subtask);
}
