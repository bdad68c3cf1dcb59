using System.Buffers.Binary;
using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.State.Disk;

/// <summary>Which entry the states of one scope answer for at present, and how keys of its rows begin.</summary>
/// <remarks>A row's key: the key group, two bytes, high byte first; the number of the state, the same; the entry's key
/// and namespace; for a map, the key in it. So the rows of a key group lie together.</remarks>
#pragma warning disable CA1001 // A block that is not given back to the pool is collected.
internal abstract class RowCursor
#pragma warning restore CA1001
{
    /// <summary>Bytes of key group and state.</summary>
    public const int PrefixBytes = 4;

    private const int GroupBytes = 2;

    private readonly RecordWriter _writer = new();
    private int _length;

    /// <summary>Whether there is an entry.</summary>
    public bool IsSet { get; protected set; }

    /// <summary>Changes with the entry.</summary>
    public int Version { get; private set; }

    /// <summary>The first bytes of all rows of a state in a key group.</summary>
    public static void WritePrefix(Span<byte> bytes, int keyGroup, int state)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)keyGroup);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[GroupBytes..], (ushort)state);
    }

    /// <summary>The key group that a row is in.</summary>
    public static int KeyGroupOf(ReadOnlySpan<byte> row) => BinaryPrimitives.ReadUInt16BigEndian(row);

    /// <summary>The number of the state that a row belongs to.</summary>
    public static int StateOf(ReadOnlySpan<byte> row) => BinaryPrimitives.ReadUInt16BigEndian(row[GroupBytes..]);

    /// <summary>The key of the entry's row, or the beginning of it, until the next call.</summary>
    /// <param name="state">Number of the state.</param>
    public ReadOnlySpan<byte> Row(int state)
    {
        Begin(state);
        return _writer.WrittenSpan;
    }

    /// <summary>The key of the entry's row, to which more is to be appended. <see cref="Written"/> is all of it
    /// then.</summary>
    public RecordWriter Begin(int state)
    {
        if (_length == 0)
        {
            _writer.Reset();
            WritePrefix(_writer.Reserve(PrefixBytes), KeyGroup, state);
            Write(_writer);
            _length = _writer.Length;
            return _writer;
        }

        _writer.Position = _length;
        BinaryPrimitives.WriteUInt16BigEndian(_writer.Buffer.AsSpan(GroupBytes), (ushort)state);
        return _writer;
    }

    /// <summary>What <see cref="Begin"/> and the caller have written.</summary>
    public Span<byte> Written => _writer.Buffer.AsSpan(0, _writer.Length);

    /// <summary>The key group of the entry.</summary>
    protected abstract int KeyGroup { get; }

    /// <summary>Another entry, or none.</summary>
    protected void Change(bool isSet)
    {
        IsSet = isSet;
        Version++;
        _length = 0;
    }

    /// <summary>Appends the entry's key and namespace.</summary>
    protected abstract void Write(RecordWriter writer);
}

/// <inheritdoc/>
/// <param name="codec">Writes entries.</param>
/// <param name="keyGroups">Number of key groups of the operator.</param>
internal sealed class RowCursor<TEntry>(EntryCodec<TEntry> codec, int keyGroups) : RowCursor
{
    private readonly KeyImage? _image = KeyImage.Of(codec.Key, codec.Namespace);
    private TEntry _entry = default!;

    /// <summary>The key, or the key with its namespace.</summary>
    public ref readonly TEntry Entry => ref _entry;

    /// <summary>The hash of the entry.</summary>
    public ulong Hash { get; private set; }

    protected override int KeyGroup => KeyGroupAssignment.KeyGroupOf(Hash, keyGroups);

    public void Set(in TEntry entry, ulong hash)
    {
        _entry = entry;
        Hash = hash;
        Change(isSet: true);
    }

    public void Clear()
    {
        _entry = default!;
        Change(isSet: false);
    }

    protected override void Write(RecordWriter writer)
    {
        int start = writer.Position;
        codec.Write(writer, in _entry);
        _image?.Apply(writer.Buffer.AsSpan(start, writer.Position - start));
    }
}
