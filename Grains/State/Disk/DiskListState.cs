using System.Collections;
using System.Runtime.InteropServices;
using Millrace.Serialization;
using Millrace.State.Disk.Rocks;
using Millrace.State.Snapshots;
using Millrace.State.TimeToLive;

namespace Millrace.State.Disk;

/// <summary>A list for each entry, in a row: elements one after the other. An empty list has no row.</summary>
/// <remarks>An element is appended without the others being read. What was read last is kept until the entry or its
/// list changes.</remarks>
internal sealed class DiskListState<TEntry, T>(
    DiskStateParts<TEntry> parts, TypeSerializer<T> serializer, SerializerSet serializers)
    : DiskState<TEntry>(parts), IKeptList<T>, IOneRowState
{
    private readonly bool _copies = !serializer.IsImmutable;
    private readonly int _fixedBytes = serializer.Shape.FixedBytes;
    private List<T>? _read;
    private int _readVersion = -1;

    public override SectionHeader Header { get; }
        = new(SectionKind.List, parts.Name, parts.Codec.Key, parts.Codec.Namespace, null, serializer.Shape);

    public int Count
    {
        get
        {
            if (_fixedBytes > 0)
            {
                return Rows.TryGet(Row(), out ReadOnlySpan<byte> bytes) ? bytes.Length / _fixedBytes : 0;
            }

            return Borrow()?.Count ?? 0;
        }
    }

    public T this[int index] => Borrow() is { } elements
        ? Copy(elements[index])
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The list of state '{Name}' is empty.");

    public void Add(T element)
    {
        ReadOnlySpan<byte> row = Row();
        Writer.Reset();
        serializer.Write(Writer, in element);
        Append(row);
    }

    public void Keep(T element) => Add(element);

    public List<T>? Borrow()
    {
        ReadOnlySpan<byte> row = Row();
        if (_readVersion == EntryVersion)
        {
            return _read;
        }

        _read = Rows.TryGet(row, out ReadOnlySpan<byte> bytes) ? Read(bytes) : null;
        _readVersion = EntryVersion;
        return _read;
    }

    public List<T>? Take()
    {
        List<T>? elements = Borrow();
        Clear();
        return elements;
    }

    // Written before anything changes: the elements may come from this very list, or fail on their way. Where they come
    // from may use other states meanwhile, and with them the room for values.
    public void AddAll(IEnumerable<T> elements)
    {
        List<T> all = ListOf(elements);
        if (all.Count > 0)
        {
            ReadOnlySpan<byte> row = Row();
            Write(all);
            Append(row);
        }
    }

    public void Update(IEnumerable<T> elements)
    {
        List<T> all = ListOf(elements);
        if (all.Count == 0)
        {
            Clear();
            return;
        }

        ReadOnlySpan<byte> row = Row();
        Write(all);
        Rows.Put(row, Writer.WrittenSpan);
        _readVersion = -1;
    }

    public override void Clear()
    {
        Rows.Remove(Row());
        _readVersion = -1;
    }

    public IEnumerator<T> GetEnumerator() =>
        Borrow() is { } elements ? Enumerate(elements) : Enumerable.Empty<T>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Times of last use never fall along a list: it is over with its last element, and not before its first one. That
    // of the entry at work stays, for who goes through it by index.
    public override bool IsOver(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, Expiry expiry, long now)
    {
        ReadOnlySpan<byte> last = _fixedBytes > 0 ? value[^_fixedBytes..] : value;
        return expiry.IsOver(LastUse.In(last), now)
            && !IsAtWork(row)
            && (_fixedBytes > 0 || expiry.IsOver(LastUse.In(LastOf(value)), now));
    }

    public override EntryReader ReaderOf(SectionHeader written, bool replaces)
    {
        Heap.EntryCodec<TEntry> codec = Codec.ReaderOf(written);
        TypeSerializer<T> values = serializers.CreateReader<T>(written.Value!);
        return (ref RecordReader reader) =>
        {
            ulong hash = ReadEntry(ref reader, codec);
            Update(ListPart<T>.ElementsOf(ref reader, values));
            return hash;
        };
    }

    // To count a list is to read it: that is done once, while its parts come behind each other.
    public override EntryReader MoreReaderOf(SectionHeader written)
    {
        Heap.EntryCodec<TEntry> codec = Codec.ReaderOf(written);
        TypeSerializer<T> values = serializers.CreateReader<T>(written.Value!);
        byte[] last = [];
        long there = 0;
        return (ref RecordReader reader) =>
        {
            ulong hash = ReadEntry(ref reader, codec);
            ListPart<T> part = ListPart<T>.Read(ref reader, values);
            if (!IsAtWork(last))
            {
                last = Row().ToArray();
                there = Rows.TryGet(last, out ReadOnlySpan<byte> bytes) ? CountOf(bytes) : 0;
            }

            if (part.Follows(ref reader, there, Name))
            {
                AddAll(part.Elements);
                there += part.Elements.Count;
            }

            return hash;
        };
    }

    public override EntryRest? WriteEntry(RocksScan scan, RecordWriter writer, RecordWriter room) =>
        GoOn(scan, WriteRow(scan.Key, scan.Value, writer));

    public override EntryRest? WriteMore(EntryRest rest, RocksScan scan, RecordWriter writer, RecordWriter room) =>
        GoOn(scan, WriteMore(rest, scan.Value, writer));

    public EntryRest? WriteRow(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, RecordWriter writer)
    {
        ReadOnlySpan<byte> entry = EntryOf(row);
        writer.WriteRaw(entry);
        if (value.Length > PartBytes)
        {
            return WritePart(new EntryRest(entry.ToArray(), row.ToArray(), 0, 0), value, writer);
        }

        writer.WriteCount(CountOf(value));
        writer.WriteRaw(value);
        return null;
    }

    public EntryRest? WriteMore(EntryRest rest, ReadOnlySpan<byte> value, RecordWriter writer)
    {
        writer.WriteRaw(rest.Entry);
        writer.WriteVarUInt64((ulong)rest.Before);
        return WritePart(rest, value, writer);
    }

    private static EntryRest? GoOn(RocksScan scan, EntryRest? rest)
    {
        if (rest is null)
        {
            scan.MoveNext();
        }

        return rest;
    }

    private EntryRest? WritePart(EntryRest rest, ReadOnlySpan<byte> value, RecordWriter writer)
    {
        ReadOnlySpan<byte> left = value[rest.Offset..];
        int length = LengthOfPart(left, out int count);
        writer.WriteCount(count);
        writer.WriteRaw(left[..length]);
        return length < left.Length
            ? rest with { Offset = rest.Offset + length, Before = rest.Before + count }
            : null;
    }

    private int LengthOfPart(ReadOnlySpan<byte> left, out int count)
    {
        if (_fixedBytes > 0)
        {
            count = Math.Min(Math.Max(1, PartBytes / _fixedBytes), left.Length / _fixedBytes);
            return count * _fixedBytes;
        }

        count = 0;
        RecordReader reader = new(left);
        while (reader.Remaining > 0 && reader.Position < PartBytes)
        {
            serializer.Read(ref reader);
            count++;
        }

        return reader.Position;
    }

    private void Append(ReadOnlySpan<byte> row)
    {
        Rows.Append(row, Writer.WrittenSpan);
        _readVersion = -1;
    }

    private void Write(List<T> elements)
    {
        Writer.Reset();
        serializer.WriteBatch(Writer, CollectionsMarshal.AsSpan(elements));
    }

    private List<T> Read(ReadOnlySpan<byte> bytes)
    {
        List<T> elements = [];
        RecordReader reader = new(bytes);
        while (reader.Remaining > 0)
        {
            elements.Add(serializer.Read(ref reader));
        }

        return elements;
    }

    private ReadOnlySpan<byte> LastOf(ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        RecordReader reader = new(bytes);
        while (reader.Remaining > 0)
        {
            start = reader.Position;
            serializer.Read(ref reader);
        }

        return bytes[start..];
    }

    private int CountOf(ReadOnlySpan<byte> bytes)
    {
        if (_fixedBytes > 0)
        {
            return bytes.Length / _fixedBytes;
        }

        int count = 0;
        RecordReader reader = new(bytes);
        while (reader.Remaining > 0)
        {
            serializer.Read(ref reader);
            count++;
        }

        return count;
    }

    private IEnumerator<T> Enumerate(List<T> elements)
    {
        foreach (T element in elements)
        {
            yield return Copy(element);
        }
    }

    private T Copy(T element) => _copies ? serializer.Copy(element) : element;

    private static List<T> ListOf(IEnumerable<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return [.. elements];
    }
}
