namespace Millrace.Serialization.Collections;

/// <summary>A hash set or null.</summary>
internal sealed class HashSetSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : SetSerializer<HashSet<T>, T>(shape, elements)
{
    protected override byte ComparerOf(HashSet<T> value) => ComparerCode.Of(value.Comparer);

    protected override void WriteElements(RecordWriter writer, HashSet<T> value, TypeSerializer<T> elements)
    {
        foreach (T element in value)
        {
            elements.Write(writer, in element);
        }
    }

    protected override ISet<T> Make(ref RecordReader reader, int count) =>
        new HashSet<T>(CollectionPrefix.FirstRoom(count), ComparerCode.ReadEquality<T>(ref reader));

    protected override ISet<T> MakeLike(HashSet<T> value) => new HashSet<T>(value.Count, value.Comparer);
}
