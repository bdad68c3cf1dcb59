using Millrace.Serialization;

namespace Millrace.State.Snapshots.Restored;

/// <summary>The entries of one key group, in memory or elsewhere.</summary>
internal readonly record struct StoredGroup
{
    private readonly uint _checksum;

    /// <param name="keyGroup">The key group.</param>
    /// <param name="entries">How many entries there are, from 1.</param>
    /// <param name="bytes">The entries one after the other.</param>
    public StoredGroup(int keyGroup, int entries, ReadOnlyMemory<byte> bytes)
    {
        KeyGroup = keyGroup;
        Entries = entries;
        Length = bytes.Length;
        Bytes = bytes;
    }

    /// <param name="piece">What the index tells of it.</param>
    /// <param name="elsewhere">Where its bytes are; whoever reads them holds on to it.</param>
    /// <param name="offset">Of the first one.</param>
    public StoredGroup(Piece piece, RestoredBytes elsewhere, long offset)
    {
        KeyGroup = piece.KeyGroup;
        Entries = piece.Entries;
        Length = piece.Length;
        Elsewhere = elsewhere;
        Offset = offset;
        _checksum = piece.Checksum;
    }

    /// <summary>The key group.</summary>
    public int KeyGroup { get; }

    /// <summary>How many entries there are, from 1.</summary>
    public int Entries { get; }

    /// <summary>Number of bytes.</summary>
    public int Length { get; }

    /// <summary>Where the bytes are; null when they are in memory.</summary>
    public RestoredBytes? Elsewhere { get; }

    /// <summary>Where they begin there.</summary>
    public long Offset { get; }

    /// <summary>The entries one after the other, when they are in memory.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether those of another one stand right behind these: both can be read in one go.</summary>
    public bool IsBefore(in StoredGroup other) =>
        Elsewhere is not null && other.Elsewhere == Elsewhere && other.Offset == Offset + Length;

    /// <summary>Makes sure that bytes from elsewhere are those that were written.</summary>
    /// <exception cref="Failures.StreamingException">They are not.</exception>
    public void Check(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Piece.Check(bytes, KeyGroup, _checksum);
        }
        catch (RecordCorruptedException finding)
        {
            throw Elsewhere!.DamageOf(finding, Offset);
        }
    }

    /// <summary>They will be asked for again, when they may be gone from where they are.</summary>
    /// <param name="bytes">The entries, as they were read.</param>
    public void Keep(ReadOnlySpan<byte> bytes) => Elsewhere?.Keep(Offset, bytes);
}
