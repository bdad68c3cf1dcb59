using Millrace.Serialization;

namespace Millrace.Connectors.Hybrid;

/// <summary>One of the sources, with its splits as bytes.</summary>
internal abstract class HybridPart<T>
{
    public static HybridPart<T> Of(Source<T> source)
    {
        Visitor visitor = new();
        source.Accept(visitor);
        return visitor.Made!;
    }

    /// <summary>An enumerator, from its beginning or from a snapshot.</summary>
    public abstract ISplitEnumerator<byte[]> Enumerator(SplitEnumeratorContext context, byte[]? snapshot);

    public abstract ISourceReader<T, byte[]> Reader(SourceReaderContext context);

    private sealed class Visitor : ISourceVisitor<T>
    {
        public HybridPart<T>? Made { get; private set; }

        public void Visit<TSplit>(Source<T, TSplit> source) => Made = new Typed<TSplit>(source);
    }

    private sealed class Typed<TSplit>(Source<T, TSplit> source) : HybridPart<T>
    {
        private readonly SerializerSet _serializers = new();

        public override ISplitEnumerator<byte[]> Enumerator(SplitEnumeratorContext context, byte[]? snapshot) =>
            new Splits<TSplit>(
                snapshot is null ? source.CreateEnumerator(context) : source.RestoreEnumerator(context, snapshot),
                _serializers);

        public override ISourceReader<T, byte[]> Reader(SourceReaderContext context) =>
            new Records<TSplit>(source.CreateReader(context), _serializers);
    }

    private sealed class Splits<TSplit>(ISplitEnumerator<TSplit> inner, SerializerSet serializers)
        : ISplitEnumerator<byte[]>
    {
        public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

        public async ValueTask<SplitAssignment<byte[]>> NextAsync(int subtask, CancellationToken cancellationToken)
        {
            SplitAssignment<TSplit> next = await inner.NextAsync(subtask, cancellationToken);
            return next.Kind == SplitAssignmentKind.Assigned
                ? SplitAssignment<byte[]>.Of(ShapedValues.Write([next.Split!], serializers))
                : new SplitAssignment<byte[]>(next.Kind, null);
        }

        public void AddBack(IReadOnlyList<byte[]> splits, int subtask) =>
            inner.AddBack([.. splits.SelectMany(split => ShapedValues.Read<TSplit>(split, serializers))], subtask);

        public byte[] Snapshot() => inner.Snapshot();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Records<TSplit>(ISourceReader<T, TSplit> inner, SerializerSet serializers)
        : ISourceReader<T, byte[]>
    {
        public bool TellsSplits => inner.TellsSplits;

        public void AddSplit(byte[] split) => inner.AddSplit(ShapedValues.Read<TSplit>(split, serializers)[0]);

        public void NoMoreSplits() => inner.NoMoreSplits();

        public ReadStatus Read(ref SourceBatch<T> batch) => inner.Read(ref batch);

        public IReadOnlyList<byte[]> Snapshot() =>
            [.. inner.Snapshot().Select(split => ShapedValues.Write([split], serializers))];

        public void CheckpointCompleted(long checkpoint) => inner.CheckpointCompleted(checkpoint);

        public string? DescribePosition(int index) => inner.DescribePosition(index);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
