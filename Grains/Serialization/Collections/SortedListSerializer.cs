namespace Millrace.Serialization.Collections;

/// <summary>A dictionary that is a sorted list, or null.</summary>
internal sealed class SortedListSerializer<TKey, TValue>(
    TypeShape shape, TypeSerializer<TKey> keys, TypeSerializer<TValue> values)
    : MapSerializer<SortedList<TKey, TValue>, TKey, TValue>(shape, keys, values)
    where TKey : notnull
{
    protected override byte ComparerOf(SortedList<TKey, TValue> value) => ComparerCode.Of(value.Comparer);

    protected override SortedList<TKey, TValue> Make(ref RecordReader reader, int count) =>
        new(ComparerCode.ReadOrder<TKey>(ref reader));

    protected override SortedList<TKey, TValue> MakeLike(SortedList<TKey, TValue> value) =>
        new(value.Comparer);
}
