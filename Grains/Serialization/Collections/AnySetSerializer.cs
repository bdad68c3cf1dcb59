namespace Millrace.Serialization.Collections;

/// <summary>A set known only by its interface, or null; it comes back as a hash set.</summary>
/// <typeparam name="TInterface">An interface that <see cref="HashSet{T}"/> implements.</typeparam>
/// <typeparam name="T">Its elements.</typeparam>
internal sealed class AnySetSerializer<TInterface, T>(TypeShape shape, TypeSerializer<T> elements)
    : TypeSerializer<TInterface?>
    where TInterface : class, IEnumerable<T>
{
    private readonly HashSetSerializer<T> _asHashSet = new(shape, elements);

    public override TypeShape Shape => shape;

    public override void Write(RecordWriter writer, in TInterface? value) =>
        _asHashSet.Write(writer, value as HashSet<T> ?? (value is null ? null : [.. value]));

    public override TInterface? Read(ref RecordReader reader) => (TInterface?)(object?)_asHashSet.Read(ref reader);

    public override TInterface? Copy(TInterface? value) => (TInterface?)(object?)_asHashSet.Copy(
        value as HashSet<T> ?? (value is null ? null : [.. value]));
}
