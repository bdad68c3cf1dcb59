using System.Diagnostics.CodeAnalysis;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.TimeToLive;

namespace Millrace.State.Heap;

/// <summary>A value for each entry, in memory.</summary>
/// <remarks>What can change is copied on its way in and out, so that only what is handed to
/// <see cref="Update"/> is kept.</remarks>
internal sealed class HeapValueState<TEntry, T>(
    HeapStateParts<TEntry> parts,
    TypeSerializer<T> serializer,
    SerializerSet serializers,
    Func<T>? defaultValue,
    Func<T, T>? copy = null)
    : HeapState<TEntry, T>(parts, serializer.IsImmutable ? null : copy ?? serializer.Copy),
        IKeptValue<T>,
        ISweptEntries<T>
{
    private readonly bool _copies = !serializer.IsImmutable;
    private TableSweep<TEntry, T>? _sweep;

    public override SectionHeader Header { get; }
        = new(SectionKind.Value, parts.Name, parts.Codec.Key, parts.Codec.Namespace, null, serializer.Shape);

    public T? Value => TryGet(out T? value) ? value : defaultValue is null ? default : defaultValue();

    public bool HasValue => Find() >= 0;

    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        int index = Find();
        if (index < 0)
        {
            value = default;
            return false;
        }

        value = _copies ? serializer.Copy(Table.ValueAt(index)) : Table.ValueAt(index);
        return true;
    }

    // What is borrowed may be changed: it must be nobody else's.
    public bool TryBorrow([MaybeNullWhen(false)] out T value)
    {
        int index = Find();
        value = index < 0 ? default : _copies ? Table.ChangeAt(index) : Table.ValueAt(index);
        return index >= 0;
    }

    // Copied before the place is made: a value that cannot be copied leaves nothing behind.
    public void Update(T value)
    {
        T kept = _copies ? serializer.Copy(value) : value;
        Overwrite() = kept;
    }

    public void Keep(T value) => Overwrite() = value;

    public void Clear() => RemoveEntry();

    public void Sweep(int looks, Func<T, bool> isOver) => (_sweep ??= SweepOf(isOver)).Go(looks);

    protected override EntryValues<T> ValuesOf(SectionHeader written) =>
        EntryValues<T>.Of(serializers.CreateReader<T>(written.Value!));

    public override void WriteValue(RecordWriter writer, in T value) => serializer.Write(writer, in value);

    private TableSweep<TEntry, T> SweepOf(Func<T, bool> isOver) =>
        new(Table, Hasher, static _ => 1, index => isOver(Table.ValueAt(index)));
}
