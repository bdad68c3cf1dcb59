namespace Millrace.Serialization.Collections;

/// <summary>A set or null: number of elements plus one, comparer, elements.</summary>
/// <typeparam name="TSet">The set.</typeparam>
/// <typeparam name="T">Its elements.</typeparam>
internal abstract class SetSerializer<TSet, T>(TypeShape shape, TypeSerializer<T> elements) : TypeSerializer<TSet?>
    where TSet : class, IReadOnlyCollection<T>
{
    public sealed override TypeShape Shape => shape;

    public sealed override void Write(RecordWriter writer, in TSet? value)
    {
        CollectionPrefix.Write(writer, value?.Count);
        if (value is null)
        {
            return;
        }

        writer.WriteByte(ComparerOf(value));
        WriteElements(writer, value, elements);
    }

    public sealed override TSet? Read(ref RecordReader reader)
    {
        int count = CollectionPrefix.Read(ref reader, elements.MinBytes);
        if (count < 0)
        {
            return null;
        }

        ISet<T> set = Make(ref reader, count);
        for (int i = 0; i < count; i++)
        {
            if (!set.Add(elements.Read(ref reader)))
            {
                reader.ThrowCorrupted("an element stands in a set twice");
            }
        }

        return (TSet)set;
    }

    public sealed override TSet? Copy(TSet? value)
    {
        if (value is null)
        {
            return null;
        }

        ISet<T> copy = MakeLike(value);
        foreach (T element in value)
        {
            copy.Add(elements.Copy(element));
        }

        return (TSet)copy;
    }

    protected abstract byte ComparerOf(TSet value);

    /// <summary>Writes the elements; overridden where they can be enumerated without an object for it.</summary>
    protected virtual void WriteElements(RecordWriter writer, TSet value, TypeSerializer<T> elements)
    {
        foreach (T element in value)
        {
            elements.Write(writer, in element);
        }
    }

    /// <summary>An empty set that compares as the next byte says.</summary>
    protected abstract ISet<T> Make(ref RecordReader reader, int count);

    /// <summary>An empty set that compares as <paramref name="value"/> does.</summary>
    protected abstract ISet<T> MakeLike(TSet value);
}
