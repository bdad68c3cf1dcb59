namespace Millrace.Connectors;

/// <summary>Writes records on behalf of one subtask.</summary>
/// <remarks>
/// Order: any number of <see cref="Write"/>, <see cref="WriteWatermark"/> and <see cref="SnapshotAsync"/>, then at the
/// end of input <see cref="FinishAsync"/> once. <see cref="Write"/> and <see cref="WriteWatermark"/> come on the
/// subtask's loop and may not block. <see cref="SnapshotAsync"/> and <see cref="FinishAsync"/> come on a pool thread,
/// where they may wait; until they have ended nothing else comes but disposal.
///
/// Disposal comes always, also after a failure and on cancellation, on a pool thread, after the last call on the loop.
/// It may overlap what was started off the loop: work of the writer's own, or a snapshot or finish that has not ended,
/// whose tokens are canceled by then. It is the writer's to wait for the end of these before it gives back what they
/// use. A writer that was not finished leaves nothing visible where its sink has a committer.
/// </remarks>
public interface ISinkWriter<T> : IAsyncDisposable
{
    /// <summary>Takes records, in order.</summary>
    /// <returns>How many were taken, from the front. Fewer than offered means: not now;
    /// <see cref="SinkWriterContext.Wake"/> will be called.</returns>
    int Write(ReadOnlySpan<T> records);

    /// <summary>No record with this timestamp or an earlier one follows. Comes after the records before it were taken,
    /// never twice the same and never a lesser one; <see cref="long.MaxValue"/> is the last. By default it is
    /// ignored.</summary>
    /// <param name="timestamp">Milliseconds since 1970-01-01 UTC.</param>
    void WriteWatermark(long timestamp)
    {
    }

    /// <summary>A checkpoint: all records written so far are durable when this ends, and another writer can go on from
    /// what it returns (<see cref="Sink{T}.RestoreWriter"/>), as if it had written them.</summary>
    /// <returns>What the next writer needs, and what the committer is to make visible once the checkpoint is complete;
    /// each committable is returned by one snapshot only, or by <see cref="FinishAsync"/>.</returns>
    /// <exception cref="NotSupportedException">By default: then no checkpoint can be taken.</exception>
    ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            $"{GetType()} does not save what it has written ({nameof(SnapshotAsync)}), so that no checkpoint can be "
            + "taken of it.");

    /// <summary>All records were written and must be durable before this ends.</summary>
    /// <returns>What the sink's committer needs to make those visible that no snapshot has told: any number of byte
    /// strings, often one or none.</returns>
    ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken);
}
