namespace Millrace.Serialization.Collections;

/// <summary>A sorted set or null.</summary>
internal sealed class SortedSetSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : SetSerializer<SortedSet<T>, T>(shape, elements)
{
    protected override byte ComparerOf(SortedSet<T> value) => ComparerCode.Of(value.Comparer);

    protected override ISet<T> Make(ref RecordReader reader, int count) =>
        new SortedSet<T>(ComparerCode.ReadOrder<T>(ref reader));

    protected override ISet<T> MakeLike(SortedSet<T> value) => new SortedSet<T>(value.Comparer);
}
