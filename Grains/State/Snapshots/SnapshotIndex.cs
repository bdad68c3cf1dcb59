using Millrace.Serialization;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>Where what is in a snapshot of keyed state (docs/formats/keyed-state.md).</summary>
/// <param name="KeyGroups">How many key groups the operator has.</param>
/// <param name="Range">Those in the snapshot.</param>
/// <param name="Sections">Its sections; those of one name in the order in which they apply.</param>
internal sealed record SnapshotIndex(int KeyGroups, KeyGroupRange Range, IReadOnlyList<IndexedSection> Sections);

/// <summary>Where a section is.</summary>
/// <param name="Header">What it holds.</param>
/// <param name="IsDelta">Whether it changes what is there, rather than being all there is.</param>
/// <param name="Blocks">Its blocks, in the order in which they apply.</param>
internal sealed record IndexedSection(SectionHeader Header, bool IsDelta, IReadOnlyList<IndexedBlock> Blocks);

/// <summary>What the entries of a block are. The numbers are part of the format.</summary>
internal enum BlockKind : byte
{
    /// <summary>Entries that are there: all of each, or its first part.</summary>
    Entries = 1,

    /// <summary>What entries are found by that have gone.</summary>
    Removed = 2,

    /// <summary>Further parts of entries.</summary>
    More = 3,
}

/// <summary>Where a block is.</summary>
/// <param name="Kind">What its entries are.</param>
/// <param name="Offset">Of its first piece, from the beginning of the snapshot.</param>
/// <param name="Pieces">Its pieces, one behind the other, with growing key groups.</param>
internal sealed record IndexedBlock(BlockKind Kind, long Offset, IReadOnlyList<Piece> Pieces);

/// <summary>The entries of one key group in a block.</summary>
/// <param name="KeyGroup">The key group.</param>
/// <param name="Entries">How many entries there are, from 1.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Checksum">CRC-32C of the bytes.</param>
internal readonly record struct Piece(int KeyGroup, int Entries, int Length, uint Checksum)
{
    /// <summary>A piece of bytes.</summary>
    public static Piece Of(int keyGroup, int entries, ReadOnlySpan<byte> bytes) =>
        new(keyGroup, entries, bytes.Length, Execution.Spilling.Checksum.Of(bytes));

    /// <summary>The piece, out of its bytes.</summary>
    /// <exception cref="RecordCorruptedException">They are not those that were written.</exception>
    public StoredGroup Read(ReadOnlyMemory<byte> bytes)
    {
        Check(bytes.Span, KeyGroup, Checksum);
        return new StoredGroup(KeyGroup, Entries, bytes);
    }

    /// <summary>Makes sure that the bytes of a piece are those that were written.</summary>
    /// <exception cref="RecordCorruptedException">They are not.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, int keyGroup, uint checksum)
    {
        uint found = Execution.Spilling.Checksum.Of(bytes);
        if (found != checksum)
        {
            new RecordReader(bytes).ThrowCorrupted(
                $"the entries of key group {keyGroup} have the checksum {found:x8}, and {checksum:x8} was written");
        }
    }
}
