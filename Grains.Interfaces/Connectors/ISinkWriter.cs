namespace Millrace.Connectors;

/// <summary>Writes records on behalf of one subtask.</summary>
/// <remarks>
/// Order: any number of <see cref="Write"/>, then at the end of input <see cref="FinishAsync"/> once. Disposal comes
/// always, also after a failure and on cancellation; a writer that was not finished leaves nothing visible where its
/// sink has a committer. <see cref="Write"/> comes on the subtask's loop and may not block.
/// </remarks>
public interface ISinkWriter<T> : IAsyncDisposable
{
    /// <summary>Takes records, in order.</summary>
    /// <returns>How many were taken, from the front. Fewer than offered means: not now;
    /// <see cref="SinkWriterContext.Wake"/> will be called.</returns>
    int Write(ReadOnlySpan<T> records);

    /// <summary>All records were written and must be durable before this ends.</summary>
    /// <returns>What the sink's committer needs to make them visible: any number of byte strings, often one or
    /// none.</returns>
    ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken);
}
