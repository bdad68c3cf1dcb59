using Millrace.Failures;

namespace Millrace.Connectors.Hybrid;

/// <summary>Reads sources one after the other.</summary>
public static class HybridSource
{
    /// <summary>Begins with a source.</summary>
    /// <param name="first">It must end, if another one is to follow, and hand out splits.</param>
    public static HybridSource<T> Of<T>(Source<T> first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new HybridSource<T>([first]);
    }
}

/// <summary>Several sources of the same records, one after the other: the next begins when all subtasks have read what
/// there was of the one before. The last one may go on for ever.</summary>
/// <typeparam name="T">Type of the records.</typeparam>
public sealed class HybridSource<T> : Source<T, HybridSplit>
{
    private readonly IReadOnlyList<Source<T>> _sources;
    private readonly IReadOnlyList<HybridPart<T>> _parts;

    internal HybridSource(IReadOnlyList<Source<T>> sources)
    {
        _sources = sources;
        _parts = [.. sources.Select(HybridPart<T>.Of)];
    }

    /// <inheritdoc/>
    public override Boundedness Boundedness => _sources[^1].Boundedness;

    /// <inheritdoc/>
    public override string Name => string.Join(", then ", _sources.Select(source => source.Name));

    /// <inheritdoc/>
    public override int? MaxParallelism => _sources.Min(source => source.MaxParallelism);

    /// <summary>A source that goes on with another one at the end of this.</summary>
    /// <exception cref="InvalidProgramGraphException">This one never ends.</exception>
    public HybridSource<T> Then(Source<T> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Boundedness == Boundedness.Bounded
            ? new HybridSource<T>([.. _sources, next])
            : throw new InvalidProgramGraphException(
                $"Source '{_sources[^1].Name}' never ends, so that '{next.Name}' would never begin.");
    }

    /// <inheritdoc/>
    public override ISplitEnumerator<HybridSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        new HybridEnumerator<T>(_parts, context, null);

    /// <inheritdoc/>
    public override ISplitEnumerator<HybridSplit> RestoreEnumerator(
        SplitEnumeratorContext context, byte[] snapshot) => new HybridEnumerator<T>(_parts, context, snapshot);

    /// <inheritdoc/>
    public override ISourceReader<T, HybridSplit> CreateReader(SourceReaderContext context) =>
        new HybridReader<T>(_parts, context);
}
