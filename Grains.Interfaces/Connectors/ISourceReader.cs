namespace Millrace.Connectors;

/// <summary>Reads splits on behalf of one subtask.</summary>
/// <remarks>
/// Every call comes on the subtask's loop, so no call may block: what has to wait is started with
/// <see cref="SourceReaderContext.Run"/>, whose end wakes the loop. The loop asks for a split when
/// <see cref="Read"/> says <see cref="ReadStatus.NeedSplit"/>; the answer comes as <see cref="AddSplit"/> or
/// <see cref="NoMoreSplits"/>. Disposal comes also after a failure and on cancellation.
/// </remarks>
public interface ISourceReader<T, TSplit> : IAsyncDisposable
{
    /// <summary>Whether the reader says of each batch which split it is of, and of each split when it ends
    /// (<see cref="SourceBatch{T}.Split"/>), so that each has an event time of its own. Asked once. A reader that reads
    /// one split after the other has no use for it. Default: false.</summary>
    bool TellsSplits => false;

    /// <summary>A split to read, after those it has already.</summary>
    void AddSplit(TSplit split);

    /// <summary>No split will follow.</summary>
    void NoMoreSplits();

    /// <summary>Adds records to the batch until it is full, nothing is ready, or the split ends.</summary>
    /// <param name="batch">Has room for at least one record. Records of one call belong to one split.</param>
    /// <returns>What is to happen next. Records may have been added with any status.</returns>
    ReadStatus Read(ref SourceBatch<T> batch);

    /// <summary>Where a record came from, for error messages: a file and a byte, a partition and an offset.</summary>
    /// <param name="index">Zero-based index into the last batch that was read.</param>
    /// <returns>Null when it is not known.</returns>
    string? DescribePosition(int index);
}

/// <summary>What a reader says after a read.</summary>
public enum ReadStatus
{
    /// <summary>More is ready: call again.</summary>
    More,

    /// <summary>Nothing is ready; <see cref="SourceReaderContext.Wake"/> will be called.</summary>
    NothingNow,

    /// <summary>All splits are read: ask for another.</summary>
    NeedSplit,

    /// <summary>All splits are read and no more will come.</summary>
    EndOfInput,
}
