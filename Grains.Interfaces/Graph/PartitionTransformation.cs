namespace Millrace.Graph;

/// <summary>How records find their subtask on the next edge. A property of edges: no operator runs for it.</summary>
internal class PartitionTransformation<T>(Transformation<T> input, PartitionerKind partitioner)
    : Transformation<T>(partitioner.ToString(), input)
{
    public PartitionerKind Partitioner { get; } = partitioner;

    internal override string Kind => Partitioner.ToString();

    internal override PartitionerKind? EdgePartitioner => Partitioner;

    internal override bool IsPhysical => false;

    internal override void Accept(IOperatorFactory factory) =>
        throw new InvalidOperationException("A partitioning has no operator.");

    /// <summary>Lets a partitioner that depends on the record's content be built with its exact types.</summary>
    internal virtual void Accept(IPartitionerFactory<T> factory) => factory.ByKind(Partitioner);
}

/// <summary>By the key group of a key.</summary>
internal sealed class KeyPartitionTransformation<T, TKey>(Transformation<T> input, Func<T, TKey> keySelector)
    : PartitionTransformation<T>(input, PartitionerKind.Hash)
{
    public Func<T, TKey> KeySelector { get; } = keySelector;

    internal override Type? KeyType => typeof(TKey);

    internal override IEnumerable<Type> RecordTypes => [typeof(T), typeof(TKey)];

    internal override void Accept(IPartitionerFactory<T> factory) => factory.ByKey(KeySelector);
}

/// <summary>As a function of the user says.</summary>
internal sealed class CustomPartitionTransformation<T, TKey>(
    Transformation<T> input, Func<TKey, int, int> partitioner, Func<T, TKey> keySelector)
    : PartitionTransformation<T>(input, PartitionerKind.Custom)
{
    internal override void Accept(IPartitionerFactory<T> factory) => factory.Custom(keySelector, partitioner);
}

/// <summary>Builds partitioners with their exact types.</summary>
internal interface IPartitionerFactory<T>
{
    void ByKind(PartitionerKind kind);

    void ByKey<TKey>(Func<T, TKey> keySelector);

    void Custom<TKey>(Func<T, TKey> keySelector, Func<TKey, int, int> partitioner);
}
