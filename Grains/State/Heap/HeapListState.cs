using System.Collections;
using System.Runtime.InteropServices;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.TimeToLive;

namespace Millrace.State.Heap;

/// <summary>A list for each entry, in memory. An empty list has no entry.</summary>
/// <remarks>Elements that can change are copied on their way in and out, so that they do not: a frozen list shares
/// them.</remarks>
internal sealed class HeapListState<TEntry, T>(
    HeapStateParts<TEntry> parts, TypeSerializer<T> serializer, SerializerSet serializers)
    : HeapState<TEntry, List<T>>(parts, static list => [.. list]), IKeptList<T>, ISweptEntries<T>
{
    private readonly bool _copies = !serializer.IsImmutable;
    private TableSweep<TEntry, List<T>>? _sweep;

    public override SectionHeader Header { get; }
        = new(SectionKind.List, parts.Name, parts.Codec.Key, parts.Codec.Namespace, null, serializer.Shape);

    public int Count => Find() is int index && index >= 0 ? Table.ValueAt(index).Count : 0;

    public T this[int index] => Find() is int entry && entry >= 0
        ? Copy(Table.ValueAt(entry)[index])
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The list of state '{Name}' is empty.");

    public void Add(T element)
    {
        T copy = Copy(element);
        Elements().Add(copy);
    }

    public void Keep(T element) => Elements().Add(element);

    public List<T>? Borrow() => Find() is int index && index >= 0 ? Table.ValueAt(index) : null;

    // It may be changed then: it must be nobody else's.
    public List<T>? Take()
    {
        List<T>? kept = Find() is int index && index >= 0 ? Table.ChangeAt(index) : null;
        RemoveEntry();
        return kept;
    }

    // Copied before anything changes: the elements may come from this very list, or fail on their way.
    public void AddAll(IEnumerable<T> elements)
    {
        List<T> copies = CopyAll(elements);
        if (copies.Count > 0)
        {
            Elements().AddRange(copies);
        }
    }

    public void Update(IEnumerable<T> elements)
    {
        List<T> copies = CopyAll(elements);
        if (copies.Count == 0)
        {
            RemoveEntry();
            return;
        }

        Overwrite() = copies;
    }

    public void Clear() => RemoveEntry();

    public void Sweep(int looks, Func<T, bool> isOver) => (_sweep ??= SweepOf(isOver)).Go(looks);

    public IEnumerator<T> GetEnumerator()
    {
        int index = Find();
        return index < 0 ? Enumerable.Empty<T>().GetEnumerator() : Enumerate(Table.ValueAt(index));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override EntryValues<List<T>> ValuesOf(SectionHeader written)
    {
        TypeSerializer<T> values = serializers.CreateReader<T>(written.Value!);
        return new EntryValues<List<T>>(Read, AreBlocks: false);

        List<T> Read(ref RecordReader reader)
        {
            int count = reader.ReadCount(values.MinBytes);
            List<T> kept = new(count);
            CollectionsMarshal.SetCount(kept, count);
            values.ReadBatch(ref reader, CollectionsMarshal.AsSpan(kept));
            return kept;
        }
    }

    protected override PartReader MoreOf(SectionHeader written)
    {
        TypeSerializer<T> values = serializers.CreateReader<T>(written.Value!);
        return (ref RecordReader reader, List<T> kept) =>
        {
            ListPart<T> part = ListPart<T>.Read(ref reader, values);
            if (part.Follows(ref reader, kept.Count, Name))
            {
                kept.AddRange(part.Elements);
            }
        };
    }

    public override void WriteValue(RecordWriter writer, in List<T> value)
    {
        writer.WriteCount(value.Count);
        serializer.WriteBatch(writer, CollectionsMarshal.AsSpan(value));
    }

    // The last element has been used last: the list is over with it. That of the entry at work stays, for who goes
    // through it by index.
    private TableSweep<TEntry, List<T>> SweepOf(Func<T, bool> isOver) =>
        new(Table, Hasher, static _ => 1, index => isOver(Table.ValueAt(index)[^1]) && index != Find());

    private List<T> Elements()
    {
        ref List<T> kept = ref FindOrAdd(out bool exists);
        return exists ? kept : kept = [];
    }

    private IEnumerator<T> Enumerate(List<T> kept)
    {
        foreach (T element in kept)
        {
            yield return Copy(element);
        }
    }

    private T Copy(T element) => _copies ? serializer.Copy(element) : element;

    private List<T> CopyAll(IEnumerable<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        List<T> copies = [];
        foreach (T element in elements)
        {
            copies.Add(Copy(element));
        }

        return copies;
    }
}
