using System.Runtime.InteropServices;
using Millrace.State.Disk.Rocks;

namespace Millrace.State.Disk;

// Rows that will be asked for soon are looked up together.
internal sealed partial class DiskRows
{
    // So many are looked up in one call: more would hold too many blocks at a time.
    private const int ManyRows = 128;

    private const int TypicalRow = 64;

    private readonly RocksSlice[] _keys = GC.AllocateArray<RocksSlice>(ManyRows, pinned: true);
    private readonly int[] _wanted = new int[ManyRows];
    private readonly DiskDatabase.TakeRow _take;
    private int _wantedCount;

    /// <summary>Most rows that are worth being looked up together.</summary>
    public int MostWanted => _entries.Length / 2;

    /// <summary>Rows are about to be asked for: makes room for them.</summary>
    /// <param name="rows">At most <see cref="MostWanted"/>.</param>
    public void BeginWanting(int rows)
    {
        int each = _count == 0 ? TypicalRow : _used / _count;
        if (_count + rows > _entries.Length || _used + ((long)rows * each) > _block.Length)
        {
            Flush();
            Clear();
        }
    }

    /// <summary>A row will be asked for soon.</summary>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void Want(ReadOnlySpan<byte> row)
    {
        int index = IndexOf(row, out uint tag);
        if (index < 0 && HasRoom(row.Length))
        {
            index = Add(row, tag);
        }

        if (index < 0 || _entries[index].Status != RowStatus.Unknown || _entries[index].IsWanted)
        {
            return;
        }

        _entries[index].IsWanted = true;
        _wanted[_wantedCount++] = index;
        if (_wantedCount == ManyRows)
        {
            Fetch();
        }
    }

    /// <summary>Looks up all that is wanted, as far as there is room.</summary>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void Fetch()
    {
        if (_wantedCount == 0)
        {
            return;
        }

        for (int i = 0; i < _wantedCount; i++)
        {
            ref RowEntry entry = ref _entries[_wanted[i]];
            entry.IsWanted = false;
            _keys[i] = new RocksSlice(Marshal.UnsafeAddrOfPinnedArrayElement(_block, entry.Row), entry.RowLength);
        }

        int count = _wantedCount;
        _wantedCount = 0;
        _database.ReadMany(_keys.AsSpan(0, count), _take);
    }

    private void Take(int index, bool exists, ReadOnlySpan<byte> value)
    {
        ref RowEntry entry = ref _entries[_wanted[index]];
        if (!exists)
        {
            SetLoaded(ref entry, -1);
        }
        else if (value.Length <= _block.Length - _used && entry.RowLength + value.Length <= _largest)
        {
            value.CopyTo(_block.AsSpan(_used));
            SetLoaded(ref entry, value.Length);
        }
    }
}
