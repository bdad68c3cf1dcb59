using Millrace.State.Disk.Rocks;

namespace Millrace.State.Disk;

/// <summary>The rows of a database that are at hand: read before, or written and not handed on yet. Belongs to one
/// loop.</summary>
/// <remarks>
/// One block of bytes holds keys and values; when it is full, what was changed is written together, and all is
/// forgotten. A value is set, read and set again without the database, as long as it is at hand, and nothing is
/// allocated. Spans that are handed in must not lie in the block, as those do that are handed out.
/// </remarks>
internal sealed partial class DiskRows
{
    private const int Alignment = 8;
    private const int EntryShare = 64;

    // A value that grows gets room to grow further.
    private const int Growth = 2;

    // Larger rows are not kept: they would drive out all others.
    private const int LargestShare = 4;

    private readonly DiskDatabase _database;
    private readonly byte[] _block;
    private readonly RowEntry[] _entries;
    private readonly ulong[] _slots;
    private readonly uint _mask;
    private readonly int _largest;
    private byte[] _large = [];
    private int _used;
    private int _count;
    private bool _isDirty;

    public DiskRows(DiskDatabase database)
    {
        _database = database;
        _block = GC.AllocateUninitializedArray<byte>(database.RowBytes, pinned: true);
        _entries = new RowEntry[database.RowBytes / EntryShare];
        _slots = new ulong[2 * _entries.Length];
        _mask = (uint)_slots.Length - 1;
        _largest = database.RowBytes / LargestShare;
        _take = Take;
    }

    /// <summary>Reads a row.</summary>
    /// <param name="row">Its key.</param>
    /// <param name="value">What it holds, until the next call.</param>
    /// <returns>False when there is no such row.</returns>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public bool TryGet(scoped ReadOnlySpan<byte> row, out ReadOnlySpan<byte> value)
    {
        int index = IndexOf(row, out uint tag);
        if (index < 0)
        {
            if (row.Length > _largest)
            {
                return TryGetLarge(row, out value);
            }

            MakeRoom(row.Length);
            index = Add(row, tag);
        }

        if (_entries[index].Status == RowStatus.Appended)
        {
            // The database puts the two together.
            Flush();
        }

        if (_entries[index].Status == RowStatus.Unknown)
        {
            return TryLoad(row, tag, index, out value);
        }

        ref RowEntry entry = ref _entries[index];
        value = ValueOf(in entry);
        return entry.Status is not (RowStatus.Absent or RowStatus.Removed);
    }

    /// <summary>Sets a row.</summary>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void Put(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value)
    {
        int index = IndexOf(row, out uint tag);
        if (row.Length + value.Length > _largest)
        {
            Forget(index);
            _database.Put(row, value);
            _database.Write();
            return;
        }

        if (index < 0)
        {
            MakeRoom(row.Length + value.Length);
            index = Add(row, tag);
        }

        if (value.Length > _entries[index].Room)
        {
            index = Move(index, row, tag, value.Length);
        }

        ref RowEntry entry = ref _entries[index];
        value.CopyTo(_block.AsSpan(entry.Value));
        entry.ValueLength = value.Length;
        entry.Status = RowStatus.Changed;
        _isDirty = true;
    }

    /// <summary>Puts bytes behind what a row holds, if anything.</summary>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void Append(ReadOnlySpan<byte> row, ReadOnlySpan<byte> bytes)
    {
        int index = IndexOf(row, out uint tag);
        int held = index < 0 ? 0 : _entries[index].ValueLength;
        if (row.Length + held + bytes.Length > _largest)
        {
            Flush();
            Forget(index);
            _database.Append(row, bytes);
            _database.Write();
            return;
        }

        if (index < 0)
        {
            MakeRoom(row.Length + bytes.Length);
            index = Add(row, tag);
        }

        if (held + bytes.Length > _entries[index].Room)
        {
            int room = Math.Min(Math.Max(Growth * held, held + bytes.Length), _largest - row.Length);
            index = Move(index, row, tag, room);
        }

        ref RowEntry entry = ref _entries[index];
        bytes.CopyTo(_block.AsSpan(entry.Value + entry.ValueLength));
        entry.Status = entry.Status switch
        {
            RowStatus.Unknown or RowStatus.Appended => RowStatus.Appended,
            RowStatus.Clean or RowStatus.Extended => RowStatus.Extended,
            _ => RowStatus.Changed,
        };
        entry.ValueLength += bytes.Length;
        _isDirty = true;
    }

    /// <summary>Removes a row, if there is one.</summary>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void Remove(ReadOnlySpan<byte> row)
    {
        int index = IndexOf(row, out uint tag);
        if (index < 0)
        {
            if (row.Length > _largest)
            {
                _database.Remove(row);
                _database.Write();
                return;
            }

            MakeRoom(row.Length);
            index = Add(row, tag);
        }

        ref RowEntry entry = ref _entries[index];
        entry.ValueLength = 0;
        if (entry.Status == RowStatus.Absent || entry.IsNew)
        {
            // The database has never heard of it.
            entry.Status = RowStatus.Absent;
            return;
        }

        entry.Status = RowStatus.Removed;
        _isDirty = true;
    }

    /// <summary>Hands on what was changed.</summary>
    /// <exception cref="DiskStateException">The disk is full, or fails.</exception>
    public void Flush()
    {
        if (!_isDirty)
        {
            return;
        }

        foreach (ref RowEntry entry in _entries.AsSpan(0, _count))
        {
            if (entry.Status >= RowStatus.Changed)
            {
                HandOn(ref entry);
            }
        }

        _isDirty = false;
        _database.Write();
    }

    /// <summary>Goes through rows as they are now.</summary>
    /// <param name="prefix">With which they begin.</param>
    /// <param name="first">Where to begin.</param>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public RocksScan Scan(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> first)
    {
        Flush();
        return _database.Scan(prefix, first);
    }

    /// <summary>Forgets all that is at hand, changed or not.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _used = 0;
        _count = 0;
        _isDirty = false;
    }

    private static int Aligned(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    private ReadOnlySpan<byte> RowOf(in RowEntry entry) => _block.AsSpan(entry.Row, entry.RowLength);

    private ReadOnlySpan<byte> ValueOf(in RowEntry entry) => _block.AsSpan(entry.Value, entry.ValueLength);

    private int IndexOf(ReadOnlySpan<byte> row, out uint tag)
    {
        tag = (uint)Wyhash.Of(row);
        uint at = tag & _mask;
        for (ulong slot = _slots[at]; slot != 0; slot = _slots[at])
        {
            if ((uint)(slot >> 32) == tag)
            {
                int index = (int)(uint)slot - 1;
                if (RowOf(in _entries[index]).SequenceEqual(row))
                {
                    return index;
                }
            }

            at = (at + 1) & _mask;
        }

        return -1;
    }

    private bool HasRoom(int bytes) =>
        _count < _entries.Length && _used + bytes + (2 * Alignment) <= _block.Length;

    private void MakeRoom(int bytes)
    {
        if (!HasRoom(bytes))
        {
            Flush();
            Clear();
        }
    }

    // There is room for it.
    private int Add(ReadOnlySpan<byte> row, uint tag)
    {
        uint at = tag & _mask;
        while (_slots[at] != 0)
        {
            at = (at + 1) & _mask;
        }

        int index = _count++;
        _slots[at] = ((ulong)tag << 32) | (uint)_count;
        row.CopyTo(_block.AsSpan(_used));
        _entries[index] = new RowEntry { Row = _used, RowLength = row.Length };
        _used += Aligned(row.Length);
        return index;
    }

    // A value needs more room than it has: it gets a new place, and what it holds moves there.
    private int Move(int index, ReadOnlySpan<byte> row, uint tag, int room)
    {
        if (_used + Aligned(room) > _block.Length)
        {
            // What it holds is the database's then, and what is appended is put behind that.
            Flush();
            Clear();
            index = Add(row, tag);
        }

        ref RowEntry entry = ref _entries[index];
        _block.AsSpan(entry.Value, entry.ValueLength).CopyTo(_block.AsSpan(_used));
        entry.Value = _used;
        entry.Room = Aligned(room);
        _used += entry.Room;
        return index;
    }

    private void Forget(int index)
    {
        if (index >= 0)
        {
            _entries[index].Status = RowStatus.Unknown;
            _entries[index].ValueLength = 0;
            _entries[index].IsNew = false;
        }
    }

    private bool TryLoad(scoped ReadOnlySpan<byte> row, uint tag, int index, out ReadOnlySpan<byte> value)
    {
        int length = _database.Read(row, _block.AsSpan(_used));
        if (length > _block.Length - _used)
        {
            if (length > _largest)
            {
                return TryGetLarge(row, out value);
            }

            Flush();
            Clear();
            index = Add(row, tag);
            length = _database.Read(row, _block.AsSpan(_used));
        }

        ref RowEntry entry = ref _entries[index];
        SetLoaded(ref entry, length);
        value = ValueOf(in entry);
        return length >= 0;
    }

    // The value stands behind all others, or there is none.
    private void SetLoaded(ref RowEntry entry, int length)
    {
        entry.IsNew = length < 0;
        entry.Status = length < 0 ? RowStatus.Absent : RowStatus.Clean;
        if (length >= 0)
        {
            entry.Value = _used;
            entry.ValueLength = length;
            entry.Written = length;
            entry.Room = Aligned(length);
            _used += entry.Room;
        }
    }

    private bool TryGetLarge(scoped ReadOnlySpan<byte> row, out ReadOnlySpan<byte> value)
    {
        int length = _database.Read(row, _large);
        if (length > _large.Length)
        {
            _large = GC.AllocateUninitializedArray<byte>(length);
            length = _database.Read(row, _large);
        }

        value = length < 0 ? default : _large.AsSpan(0, length);
        if (_large.Length > _block.Length)
        {
            // One that is larger than all others together is not kept at hand for the next one.
            _large = [];
        }

        return length >= 0;
    }

    private void HandOn(ref RowEntry entry)
    {
        switch (entry.Status)
        {
            case RowStatus.Changed:
                _database.Put(RowOf(in entry), ValueOf(in entry));
                break;
            case RowStatus.Removed:
                _database.Remove(RowOf(in entry));
                break;
            case RowStatus.Extended:
                _database.Append(RowOf(in entry), ValueOf(in entry)[entry.Written..]);
                break;
            default:
                _database.Append(RowOf(in entry), ValueOf(in entry));
                entry.ValueLength = 0;
                break;
        }

        entry.Written = entry.ValueLength;
        entry.IsNew = false;
        entry.Status = entry.Status switch
        {
            RowStatus.Removed => RowStatus.Absent,
            RowStatus.Appended => RowStatus.Unknown,
            _ => RowStatus.Clean,
        };
    }
}
