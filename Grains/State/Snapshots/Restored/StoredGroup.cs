using Millrace.Serialization;

namespace Millrace.State.Snapshots.Restored;

/// <summary>The entries of one key group, in memory or elsewhere.</summary>
internal readonly record struct StoredGroup
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly RestoredBytes? _elsewhere;
    private readonly long _offset;
    private readonly uint _checksum;

    /// <param name="keyGroup">The key group.</param>
    /// <param name="entries">How many entries there are, from 1.</param>
    /// <param name="bytes">The entries one after the other.</param>
    public StoredGroup(int keyGroup, int entries, ReadOnlyMemory<byte> bytes)
    {
        KeyGroup = keyGroup;
        Entries = entries;
        Length = bytes.Length;
        _bytes = bytes;
    }

    /// <param name="piece">What the index tells of it.</param>
    /// <param name="elsewhere">Where its bytes are; whoever reads them holds on to it.</param>
    /// <param name="offset">Of the first one.</param>
    public StoredGroup(Piece piece, RestoredBytes elsewhere, long offset)
    {
        KeyGroup = piece.KeyGroup;
        Entries = piece.Entries;
        Length = piece.Length;
        _elsewhere = elsewhere;
        _offset = offset;
        _checksum = piece.Checksum;
    }

    /// <summary>The key group.</summary>
    public int KeyGroup { get; }

    /// <summary>How many entries there are, from 1.</summary>
    public int Entries { get; }

    /// <summary>Number of bytes.</summary>
    public int Length { get; }

    /// <summary>Where the bytes are; null when they are in memory.</summary>
    public RestoredBytes? Elsewhere => _elsewhere;

    /// <summary>The entries one after the other.</summary>
    /// <param name="room">Where they are put unless they are in memory: until the next call.</param>
    /// <exception cref="Failures.StreamingException">They cannot be read, or are not those that were
    /// written.</exception>
    public ReadOnlySpan<byte> Read(GroupRoom room)
    {
        if (_elsewhere is null)
        {
            return _bytes.Span;
        }

        Span<byte> bytes = room.Of(Length);
        Read(bytes);
        return bytes;
    }

    /// <summary>The same, to where they are put.</summary>
    /// <param name="into">As long as they are.</param>
    public void Read(Span<byte> into)
    {
        if (_elsewhere is null)
        {
            _bytes.Span.CopyTo(into);
            return;
        }

        _elsewhere.Read(_offset, into);
        try
        {
            Piece.Check(into, KeyGroup, _checksum);
        }
        catch (RecordCorruptedException finding)
        {
            throw _elsewhere.DamageOf(finding, _offset);
        }
    }

    /// <summary>They will be asked for again, when they may be gone from where they are.</summary>
    /// <param name="bytes">The entries, as they were read.</param>
    public void Keep(ReadOnlySpan<byte> bytes) => _elsewhere?.Keep(_offset, bytes);
}
