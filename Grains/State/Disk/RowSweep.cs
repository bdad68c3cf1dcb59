using System.Buffers.Binary;
using Millrace.Serialization;
using Millrace.State.Disk.Rocks;
using Millrace.State.TimeToLive;

namespace Millrace.State.Disk;

/// <summary>Goes through the rows of a state, round and round, a part at a time, and removes those that are over.
/// </summary>
/// <remarks>Between two parts nothing but the place is held: a scan that stayed open would keep what it began with.
/// Rows that are not written yet are not seen: they are once they are, with the next checkpoint at the latest.
/// </remarks>
/// <param name="rows">Where they are kept.</param>
/// <param name="state">Whose they are.</param>
/// <param name="range">The key groups they are in.</param>
internal sealed class RowSweep(DiskRows rows, DiskState state, KeyGroupRange range)
{
    // To find the place again takes as long as to look at some ten rows.
    private const int PartRows = 256;

    // To begin with a key group takes as long as to find the place again.
    private const int PartKeyGroups = 8;

    // Rows that were removed stay in the files until these are sorted, and passing over them takes time. Where there
    // are more, each part may pass over twice as many as the one before, up to some ten milliseconds' worth: what
    // stands behind still more of them is left to a later round.
    private const ulong FewSkipped = 1 << 10;
    private const ulong MostSkipped = 1 << 18;

    private readonly byte[] _prefix = new byte[RowCursor.PrefixBytes];
    private int _keyGroup = range.First;
    private ulong _mostSkipped = FewSkipped;

    // The first row that is not looked at yet, or one before it; in its key group.
    private byte[] _next = [];
    private int _nextLength;
    private int _looks;

    /// <summary>Looks at the next rows, when there are enough looks for a part.</summary>
    /// <param name="looks">How many there are more.</param>
    /// <param name="expiry">When values are over.</param>
    /// <param name="now">Milliseconds since 1970-01-01 UTC.</param>
    /// <exception cref="DiskStateException">The disk is full, or fails.</exception>
    public void Go(int looks, Expiry expiry, long now)
    {
        _looks += looks;
        if (_looks < PartRows)
        {
            return;
        }

        _looks = 0;
        int left = PartRows;
        bool hasRemoved = false;
        for (int groups = Math.Min(PartKeyGroups, range.End - range.First); groups > 0 && left > 0; groups--)
        {
            hasRemoved |= LookAt(ref left, expiry, now);
        }

        if (hasRemoved)
        {
            rows.WriteRemoved();
        }
    }

    private bool LookAt(ref int left, Expiry expiry, long now)
    {
        RowCursor.WritePrefix(_prefix, _keyGroup, state.Number);
        ReadOnlySpan<byte> first = _nextLength == 0 ? _prefix : _next.AsSpan(0, _nextLength);
        using RocksScan scan = rows.ScanWritten(_prefix, first, _mostSkipped);
        bool hasRemoved = false;
        for (; scan.IsValid && left > 0; scan.MoveNext())
        {
            left--;
            GoBehind(scan.Key);
            hasRemoved |= state.IsOver(scan.Key, scan.Value, expiry, now) && rows.TryRemoveWritten(scan.Key);
        }

        if (scan.IsCut && _mostSkipped < MostSkipped)
        {
            _mostSkipped *= 2;
            left = 0;
        }
        else
        {
            _mostSkipped = FewSkipped;
            if (!scan.IsValid)
            {
                _keyGroup = _keyGroup + 1 < range.End ? _keyGroup + 1 : range.First;
                _nextLength = 0;
            }
        }

        return hasRemoved;
    }

    // The least key behind a row is its own with a zero.
    private void GoBehind(ReadOnlySpan<byte> row)
    {
        _nextLength = row.Length + 1;
        if (_next.Length < _nextLength)
        {
            _next = new byte[2 * _nextLength];
        }

        row.CopyTo(_next);
        _next[row.Length] = 0;
    }
}

/// <summary>Finds the time of last use among the bytes of a value that has one.</summary>
/// <param name="shape">Of the values, with their last use.</param>
internal sealed class LastUse(TypeShape shape)
{
    // Whatever the value is, the time has a place of its own: it always takes the same bytes, and so stands before
    // all that does not.
    private readonly int _place = shape.WireOrder
        .TakeWhile(static member => member.Name != nameof(Expiring<int>.Used))
        .Sum(static member => member.Shape.FixedBytes);

    /// <summary>The time of last use.</summary>
    /// <param name="value">Begins with the value.</param>
    /// <returns>Milliseconds since 1970-01-01 UTC.</returns>
    public long In(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value[_place..]);
}
