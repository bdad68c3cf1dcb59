using System.Diagnostics.CodeAnalysis;
using Millrace.Serialization;
using Millrace.State.Disk.Rocks;
using Millrace.State.Snapshots;
using Millrace.State.TimeToLive;

namespace Millrace.State.Disk;

/// <summary>A value for each entry, in a row.</summary>
/// <remarks>Whoever reads gets a value of its own, whoever writes keeps his: only bytes are kept.</remarks>
internal sealed class DiskValueState<TEntry, T>(
    DiskStateParts<TEntry> parts, TypeSerializer<T> serializer, SerializerSet serializers, Func<T>? defaultValue)
    : DiskState<TEntry>(parts), IKeptValue<T>, IOneRowState
{
    public override SectionHeader Header { get; }
        = new(SectionKind.Value, parts.Name, parts.Codec.Key, parts.Codec.Namespace, null, serializer.Shape);

    public T? Value => TryGet(out T? value) ? value : defaultValue is null ? default : defaultValue();

    public bool HasValue => Rows.TryGet(Row(), out _);

    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        if (!Rows.TryGet(Row(), out ReadOnlySpan<byte> bytes))
        {
            value = default;
            return false;
        }

        RecordReader reader = new(bytes);
        value = serializer.Read(ref reader);
        return true;
    }

    public void Update(T value)
    {
        ReadOnlySpan<byte> row = Row();
        Writer.Reset();
        serializer.Write(Writer, in value);
        Rows.Put(row, Writer.WrittenSpan);
    }

    public override void Clear() => Rows.Remove(Row());

    public override bool IsOver(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, Expiry expiry, long now) =>
        expiry.IsOver(LastUse.In(value), now);

    public override EntryReader ReaderOf(SectionHeader written, bool replaces)
    {
        Heap.EntryCodec<TEntry> codec = Codec.ReaderOf(written);
        TypeSerializer<T> values = serializers.CreateReader<T>(written.Value!);
        return (ref RecordReader reader) =>
        {
            ulong hash = ReadEntry(ref reader, codec);
            T value = values.Read(ref reader);
            Update(value);
            return hash;
        };
    }

    public override EntryRest? WriteEntry(RocksScan scan, RecordWriter writer, RecordWriter room)
    {
        EntryRest? rest = WriteRow(scan.Key, scan.Value, writer);
        scan.MoveNext();
        return rest;
    }

    public EntryRest? WriteRow(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, RecordWriter writer)
    {
        writer.WriteRaw(EntryOf(row));
        writer.WriteRaw(value);
        return null;
    }
}
