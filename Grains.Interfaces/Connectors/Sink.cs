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

    /// <summary>Creates what makes written records visible, or null when writing is all there is to do.
    /// Once per job execution, on the job's side.</summary>
    public virtual ISinkCommitter? CreateCommitter(SinkCommitterContext context) => null;
}
