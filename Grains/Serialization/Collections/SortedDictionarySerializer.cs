namespace Millrace.Serialization.Collections;

/// <summary>A sorted dictionary or null.</summary>
internal sealed class SortedDictionarySerializer<TKey, TValue>(
    TypeShape shape, TypeSerializer<TKey> keys, TypeSerializer<TValue> values)
    : MapSerializer<SortedDictionary<TKey, TValue>, TKey, TValue>(shape, keys, values)
    where TKey : notnull
{
    protected override byte ComparerOf(SortedDictionary<TKey, TValue> value) => ComparerCode.Of(value.Comparer);

    protected override SortedDictionary<TKey, TValue> Make(ref RecordReader reader, int count) =>
        new(ComparerCode.ReadOrder<TKey>(ref reader));

    protected override SortedDictionary<TKey, TValue> MakeLike(SortedDictionary<TKey, TValue> value) =>
        new(value.Comparer);
}
