using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Millrace.Serialization;
using Millrace.State.Disk.Rocks;
using Millrace.State.Snapshots;
using Millrace.State.TimeToLive;

namespace Millrace.State.Disk;

/// <summary>A map for each entry, each of its entries in a row. An empty map has no row.</summary>
/// <remarks>How large a map may be is a matter of the disk. To count it is to go through it. Keys of a map that have
/// several forms are kept in that of the last one set.</remarks>
internal sealed class DiskMapState<TEntry, TKey, TValue>(
    DiskStateParts<TEntry> parts,
    SerializerSet serializers,
    TypeSerializer<TKey> keys,
    TypeSerializer<TValue> values)
    : DiskState<TEntry>(parts), IKeptMap<TKey, TValue>
    where TKey : notnull
{
    // So many entries are read in one go: a scan that stayed open would hold on to what it began with.
    private const int PartRows = 64;

    private readonly KeyImage? _image = KeyImage.Of(keys.Shape);

    public override SectionHeader Header { get; }
        = new(SectionKind.Map, parts.Name, parts.Codec.Key, parts.Codec.Namespace, keys.Shape, values.Shape);

    public int Count
    {
        get
        {
            int count = 0;
            using RocksScan scan = Scan(Row());
            for (; scan.IsValid; scan.MoveNext())
            {
                count++;
            }

            return count;
        }
    }

    public TValue this[TKey key]
    {
        get => TryGet(key, out TValue? value)
            ? value
            : throw new KeyNotFoundException($"The map of state '{Name}' has no entry '{key}' for the current key.");
        set
        {
            ReadOnlySpan<byte> row = RowOf(key);
            Writer.Reset();
            if (_image is not null)
            {
                keys.Write(Writer, in key);
            }

            values.Write(Writer, in value);
            Rows.Put(row, Writer.WrittenSpan);
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!Rows.TryGet(RowOf(key), out ReadOnlySpan<byte> bytes))
        {
            value = default;
            return false;
        }

        RecordReader reader = new(bytes);
        if (_image is not null)
        {
            keys.Read(ref reader);
        }

        value = values.Read(ref reader);
        return true;
    }

    public bool Contains(TKey key) => Rows.TryGet(RowOf(key), out _);

    public bool Remove(TKey key)
    {
        ReadOnlySpan<byte> row = RowOf(key);
        if (!Rows.TryGet(row, out _))
        {
            return false;
        }

        Rows.Remove(row);
        return true;
    }

    public override void Clear()
    {
        byte[] prefix = Row().ToArray();
        byte[] next = prefix;
        List<byte[]> part = [];
        do
        {
            part.Clear();
            ReadPart(prefix, ref next, scan => part.Add(scan.Key.ToArray()));
            part.ForEach(row => Rows.Remove(row));
        }
        while (part.Count == PartRows);
    }

    public void CopyKeys(List<TKey> into)
    {
        foreach ((TKey key, _) in this)
        {
            into.Add(key);
        }
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => Enumerate(Row().ToArray());

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool IsOver(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, Expiry expiry, long now)
    {
        RecordReader reader = new(value);
        if (_image is not null)
        {
            keys.Read(ref reader);
        }

        return expiry.IsOver(LastUse.In(value[reader.Position..]), now);
    }

    public override EntryReader ReaderOf(SectionHeader written, bool replaces)
    {
        Heap.EntryCodec<TEntry> codec = Codec.ReaderOf(written);
        TypeSerializer<TKey> keyReader = serializers.CreateReader<TKey>(written.MapKey!);
        TypeSerializer<TValue> valueReader = serializers.CreateReader<TValue>(written.Value!);
        return (ref RecordReader reader) =>
        {
            ulong hash = ReadEntry(ref reader, codec);
            if (replaces)
            {
                Clear();
            }

            ReadRows(ref reader, keyReader, valueReader);
            return hash;
        };
    }

    public override EntryReader MoreReaderOf(SectionHeader written)
    {
        Heap.EntryCodec<TEntry> codec = Codec.ReaderOf(written);
        TypeSerializer<TKey> keyReader = serializers.CreateReader<TKey>(written.MapKey!);
        TypeSerializer<TValue> valueReader = serializers.CreateReader<TValue>(written.Value!);
        return (ref RecordReader reader) =>
        {
            ulong hash = ReadEntry(ref reader, codec);
            ReadRows(ref reader, keyReader, valueReader);
            return hash;
        };
    }

    public override int LengthOfEntry(ReadOnlySpan<byte> row)
    {
        RecordReader reader = new(EntryOf(row));
        Codec.Read(ref reader);
        return RowCursor.PrefixBytes + reader.Position;
    }

    public override EntryRest? WriteEntry(RocksScan scan, RecordWriter writer, RecordWriter room) => WriteMore(
        new EntryRest(EntryOf(scan.Key[..LengthOfEntry(scan.Key)]).ToArray(), [], 0, 0), scan, writer, room);

    public override EntryRest? WriteMore(EntryRest rest, RocksScan scan, RecordWriter writer, RecordWriter room)
    {
        byte[] entry = rest.Entry;
        room.Reset();
        int count = 0;
        for (; IsOf(scan, entry) && room.Length < PartBytes; scan.MoveNext())
        {
            if (_image is null)
            {
                room.WriteRaw(EntryOf(scan.Key)[entry.Length..]);
            }

            room.WriteRaw(scan.Value);
            count++;
        }

        writer.WriteRaw(entry);
        writer.WriteCount(count);
        writer.WriteRaw(room.WrittenSpan);
        return IsOf(scan, entry) ? rest with { Row = scan.Key.ToArray(), Before = rest.Before + count } : null;
    }

    private static bool IsOf(RocksScan scan, byte[] entry) => scan.IsValid && EntryOf(scan.Key).StartsWith(entry);

    private void ReadRows(
        ref RecordReader reader, TypeSerializer<TKey> keyReader, TypeSerializer<TValue> valueReader)
    {
        int count = reader.ReadCount(keyReader.MinBytes + valueReader.MinBytes);
        for (int i = 0; i < count; i++)
        {
            TKey key = keyReader.Read(ref reader);
            if (key is null)
            {
                reader.ThrowCorrupted($"a map of state '{Name}' has a key that is null");
            }

            this[key] = valueReader.Read(ref reader);
        }
    }

    private ReadOnlySpan<byte> RowOf(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        RowCursor cursor = Cursor();
        RecordWriter writer = cursor.Begin(Number);
        int start = writer.Length;
        keys.Write(writer, in key);
        _image?.Apply(cursor.Written[start..]);
        return cursor.Written;
    }

    private RocksScan Scan(ReadOnlySpan<byte> prefix) => Rows.Scan(prefix, prefix);

    private IEnumerator<KeyValuePair<TKey, TValue>> Enumerate(byte[] prefix)
    {
        byte[] next = prefix;
        List<KeyValuePair<TKey, TValue>> part = [];
        do
        {
            part.Clear();
            ReadPart(prefix, ref next, scan => part.Add(Read(scan, prefix.Length)));
            foreach (KeyValuePair<TKey, TValue> entry in part)
            {
                yield return entry;
            }
        }
        while (part.Count == PartRows);
    }

    private KeyValuePair<TKey, TValue> Read(RocksScan scan, int prefixLength)
    {
        RecordReader value = new(scan.Value);
        if (_image is not null)
        {
            TKey form = keys.Read(ref value);
            return KeyValuePair.Create(form, values.Read(ref value));
        }

        RecordReader key = new(scan.Key[prefixLength..]);
        return KeyValuePair.Create(keys.Read(ref key), values.Read(ref value));
    }

    // Reads some rows; the next call goes on behind them.
    private void ReadPart(byte[] prefix, ref byte[] next, Action<RocksScan> read)
    {
        using RocksScan scan = Rows.Scan(prefix, next);
        for (int rows = 0; rows < PartRows && scan.IsValid; rows++)
        {
            read(scan);
            if (rows == PartRows - 1)
            {
                // The least key behind this one.
                next = [.. scan.Key, 0];
            }

            scan.MoveNext();
        }
    }
}
