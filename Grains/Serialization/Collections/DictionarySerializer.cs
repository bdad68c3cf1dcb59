namespace Millrace.Serialization.Collections;

/// <summary>A dictionary or null.</summary>
internal sealed class DictionarySerializer<TKey, TValue>(
    TypeShape shape, TypeSerializer<TKey> keys, TypeSerializer<TValue> values)
    : MapSerializer<Dictionary<TKey, TValue>, TKey, TValue>(shape, keys, values)
    where TKey : notnull
{
    protected override byte ComparerOf(Dictionary<TKey, TValue> value) => ComparerCode.Of(value.Comparer);

    protected override void WriteEntries(RecordWriter writer, Dictionary<TKey, TValue> value)
    {
        foreach ((TKey key, TValue element) in value)
        {
            Keys.Write(writer, in key);
            Values.Write(writer, in element);
        }
    }

    protected override Dictionary<TKey, TValue> Make(ref RecordReader reader, int count) =>
        new(CollectionPrefix.FirstRoom(count), ComparerCode.ReadEquality<TKey>(ref reader));

    protected override Dictionary<TKey, TValue> MakeLike(Dictionary<TKey, TValue> value) =>
        new(value.Count, value.Comparer);
}
