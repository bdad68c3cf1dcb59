namespace Millrace.Serialization.Collections;

/// <summary>A dictionary or null: number of entries plus one, comparer, then key and value of each entry.</summary>
/// <typeparam name="TMap">The dictionary.</typeparam>
/// <typeparam name="TKey">Its keys.</typeparam>
/// <typeparam name="TValue">Its values.</typeparam>
internal abstract class MapSerializer<TMap, TKey, TValue>(
    TypeShape shape, TypeSerializer<TKey> keys, TypeSerializer<TValue> values) : TypeSerializer<TMap?>
    where TMap : class, IDictionary<TKey, TValue>
    where TKey : notnull
{
    public sealed override TypeShape Shape => shape;

    protected TypeSerializer<TKey> Keys => keys;

    protected TypeSerializer<TValue> Values => values;

    public sealed override void Write(RecordWriter writer, in TMap? value)
    {
        CollectionPrefix.Write(writer, value?.Count);
        if (value is null)
        {
            return;
        }

        writer.WriteByte(ComparerOf(value));
        WriteEntries(writer, value);
    }

    public sealed override TMap? Read(ref RecordReader reader)
    {
        int count = CollectionPrefix.Read(ref reader, keys.MinBytes + values.MinBytes);
        if (count < 0)
        {
            return null;
        }

        TMap map = Make(ref reader, count);
        for (int i = 0; i < count; i++)
        {
            TKey? key = keys.Read(ref reader);
            if (key is null || !map.TryAdd(key, values.Read(ref reader)))
            {
                reader.ThrowCorrupted("a key of a dictionary is null or stands there twice");
            }
        }

        return map;
    }

    public sealed override TMap? Copy(TMap? value)
    {
        if (value is null)
        {
            return null;
        }

        TMap copy = MakeLike(value);
        foreach ((TKey key, TValue element) in value)
        {
            copy.Add(keys.Copy(key), values.Copy(element));
        }

        return copy;
    }

    protected abstract byte ComparerOf(TMap value);

    /// <summary>Writes keys and values; overridden where they can be enumerated without an object for it.</summary>
    protected virtual void WriteEntries(RecordWriter writer, TMap value)
    {
        foreach ((TKey key, TValue element) in value)
        {
            keys.Write(writer, in key);
            values.Write(writer, in element);
        }
    }

    /// <summary>An empty dictionary that compares as the next byte says.</summary>
    protected abstract TMap Make(ref RecordReader reader, int count);

    /// <summary>An empty dictionary that compares as <paramref name="value"/> does.</summary>
    protected abstract TMap MakeLike(TMap value);
}
