namespace Millrace.Connectors;

/// <summary>Where records come from: splits, handed out one by one on the job's side, read by subtasks.</summary>
/// <typeparam name="T">Type of the records.</typeparam>
public abstract class Source<T>
{
    /// <summary>Whether the source ends by itself.</summary>
    public abstract Boundedness Boundedness { get; }

    /// <summary>A short name for plans and logs, such as <c>Files</c>.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Largest useful parallelism, or null when there is no limit.</summary>
    public virtual int? MaxParallelism => null;

    internal abstract void Accept(ISourceVisitor<T> visitor);
}

/// <summary>A source with its kind of split.</summary>
/// <typeparam name="T">Type of the records.</typeparam>
/// <typeparam name="TSplit">One piece of the input, small and serializable: a byte range, a partition. Its value says
/// where to begin, so that a split with a later beginning is how a reader resumes.</typeparam>
public abstract class Source<T, TSplit> : Source<T>
{
    /// <summary>Creates what finds the splits and hands them out. Once per job execution, on the job's side.</summary>
    public abstract ISplitEnumerator<TSplit> CreateEnumerator(SplitEnumeratorContext context);

    /// <summary>Creates an enumerator that goes on where another one was when it took a snapshot; instead of
    /// <see cref="CreateEnumerator"/>.</summary>
    /// <param name="context">What it may know; its parallelism may be another one than before.</param>
    /// <param name="snapshot">What <see cref="ISplitEnumerator{TSplit}.Snapshot"/> returned.</param>
    /// <exception cref="NotSupportedException">By default.</exception>
    public virtual ISplitEnumerator<TSplit> RestoreEnumerator(SplitEnumeratorContext context, byte[] snapshot) =>
        throw new NotSupportedException($"Source '{Name}' ({GetType()}) cannot go on from a checkpoint: its "
            + $"{nameof(RestoreEnumerator)} is missing.");

    /// <summary>Creates what reads splits. Once per subtask attempt.</summary>
    public abstract ISourceReader<T, TSplit> CreateReader(SourceReaderContext context);

    internal sealed override void Accept(ISourceVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Recovers the split type of a source.</summary>
internal interface ISourceVisitor<T>
{
    void Visit<TSplit>(Source<T, TSplit> source);
}
