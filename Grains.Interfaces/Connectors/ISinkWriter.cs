namespace Millrace.Connectors;

/// <summary>Writes records on behalf of one subtask.</summary>
/// <remarks>
/// Order: any number of <see cref="Write"/> and <see cref="WriteWatermark"/>, then at the end of input
/// <see cref="FinishAsync"/> once. Disposal comes always, also after a failure and on cancellation; a writer that was
/// not finished leaves nothing visible where its sink has a committer. <see cref="Write"/> and
/// <see cref="WriteWatermark"/> come on the subtask's loop and may not block.
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

    /// <summary>All records were written and must be durable before this ends.</summary>
    /// <returns>What the sink's committer needs to make them visible: any number of byte strings, often one or
    /// none.</returns>
    ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken);
}
