namespace Millrace.Connectors;

/// <summary>Reads splits on behalf of one subtask.</summary>
/// <remarks>
/// Every call comes on the subtask's loop, so no call may block: what has to wait is started with
/// <see cref="SourceReaderContext.Run"/>, whose end wakes the loop. The loop asks for a split when
/// <see cref="Read"/> says <see cref="ReadStatus.NeedSplit"/>; the answer comes as <see cref="AddSplit"/> or
/// <see cref="NoMoreSplits"/>. After a restore the splits of a <see cref="Snapshot"/> come by <see cref="AddSplit"/>,
/// before the first <see cref="Read"/>. Disposal comes also after a failure and on cancellation, on a pool thread,
/// after the last call on the loop; work that the reader started off the loop may still run then, and it is the
/// reader's to wait for its end before it gives back what that work uses.
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

    /// <summary>Adds records to the batch until it is full, nothing is ready, or the split ends. A reader that has them
    /// in an array lends them (<see cref="SourceBatch{T}.Lend"/>) instead of copying them.</summary>
    /// <param name="batch">Has room for at least one record. Records of one call belong to one split.</param>
    /// <returns>What is to happen next. Records may have been added with any status.</returns>
    ReadStatus Read(ref SourceBatch<T> batch);

    /// <summary>What is left of the splits the reader was given: those it has not read to their end, the one it reads
    /// with its position, that is as a split that begins behind the last record handed out. In the order in which they
    /// are to be read. Comes between two calls of <see cref="Read"/>, with each checkpoint; it changes
    /// nothing.</summary>
    /// <returns>Splits that the reader does not change any more. From them, another reader reads the very records that
    /// this one has not handed out.</returns>
    /// <exception cref="NotSupportedException">By default: then no checkpoint can be taken.</exception>
    IReadOnlyList<TSplit> Snapshot() => throw new NotSupportedException(
        $"{GetType()} does not tell its position ({nameof(Snapshot)}), so that no checkpoint can be taken of it.");

    /// <summary>The checkpoint that a <see cref="Snapshot"/> was taken for is complete: what it holds is read for good,
    /// and whoever keeps the input may be told so. Not every checkpoint is, and each at most once, in order. By default
    /// nothing happens.</summary>
    /// <param name="checkpoint">The number of the checkpoint; greater than the last one.</param>
    void CheckpointCompleted(long checkpoint)
    {
    }

    /// <summary>Where a record came from, for error messages: a file and a byte, a partition and an offset.</summary>
    /// <param name="index">Zero-based index into the last batch that was read.</param>
    /// <returns>Null when it is not known.</returns>
    string? DescribePosition(int index);

    /// <summary>Where it was when <see cref="Read"/> threw, for the error message. Asked on the loop, at once. By
    /// default it does not know.</summary>
    /// <returns>Null when it is not known, or stands in the message already.</returns>
    string? DescribeFailure() => null;
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
