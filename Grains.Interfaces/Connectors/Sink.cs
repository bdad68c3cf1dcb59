namespace Millrace.Connectors;

/// <summary>Where records go.</summary>
/// <typeparam name="T">Type of the records.</typeparam>
public abstract class Sink<T>
{
    /// <summary>A short name for plans and logs, such as <c>Files</c>.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Largest useful parallelism, or null when there is no limit.</summary>
    public virtual int? MaxParallelism => null;

    /// <summary>Creates what writes. Once per subtask attempt.</summary>
    public abstract ISinkWriter<T> CreateWriter(SinkWriterContext context);

    /// <summary>Whether each restored writer gets the states of all writers; else each state goes to one of them.
    /// Default: false.</summary>
    public virtual bool SharesWriterStates => false;

    /// <summary>Creates a writer that goes on where others were when they took a snapshot; instead of
    /// <see cref="CreateWriter"/>.</summary>
    /// <param name="context">What it may know and use; its parallelism may be another one than before.</param>
    /// <param name="states">Of any number of writers, in no order; none where they had none.</param>
    /// <exception cref="NotSupportedException">By default, where there are states.</exception>
    public virtual ISinkWriter<T> RestoreWriter(SinkWriterContext context, IReadOnlyList<byte[]> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        return states.Count == 0
            ? CreateWriter(context)
            : throw new NotSupportedException(
                $"Sink '{Name}' ({GetType()}) has {states.Count} states of writers and cannot go on from them: its "
                + $"{nameof(RestoreWriter)} is missing.");
    }

    /// <summary>Creates what makes written records visible, or null when writing is all there is to do.
    /// Once per job execution, on the job's side.</summary>
    public virtual ISinkCommitter? CreateCommitter(SinkCommitterContext context) => null;
}
