using System.Diagnostics.CodeAnalysis;
using Millrace.Serialization;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>What one operator in one former subtask kept by key group, as it is restored.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "The constructors are the names of the conversions.")]
internal sealed class KeyedSnapshot
{
    /// <summary>Nothing.</summary>
    public static readonly KeyedSnapshot Empty = new(ReadOnlyMemory<byte>.Empty);

    private Content? _content;

    /// <param name="bytes">All of its bytes (docs/formats/keyed-state.md); or none.</param>
    public KeyedSnapshot(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <param name="keyGroups">How many key groups the operator had.</param>
    /// <param name="range">Those of the subtask, of which only some may have been read.</param>
    /// <param name="sections">What it had.</param>
    public KeyedSnapshot(int keyGroups, KeyGroupRange range, IReadOnlyList<StoredSection> sections) =>
        _content = new Content(keyGroups, range, sections);

    /// <summary>Its bytes, if they are in one piece.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Number of bytes, if they are in one piece.</summary>
    public int Length => Bytes.Length;

    /// <summary>Whether the operator kept nothing.</summary>
    public bool IsEmpty => _content is null && Bytes.IsEmpty;

    public static implicit operator KeyedSnapshot(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator KeyedSnapshot(byte[] bytes) => new(bytes);

    /// <summary>What it holds.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are no snapshot.</exception>
    public (int KeyGroups, KeyGroupRange Range, IReadOnlyList<StoredSection> Sections) Read()
    {
        _content ??= Read(Bytes);
        return (_content.KeyGroups, _content.Range, _content.Sections);
    }

    private static Content Read(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes.Span);
        if (KeyedSnapshotFormat.ReadPreamble(ref reader) != KeyedSnapshotFormat.Sequential)
        {
            return ReadIndexed(ref reader, bytes);
        }

        (int keyGroups, KeyGroupRange range) = KeyedSnapshotFormat.ReadRange(ref reader);
        return new Content(keyGroups, range, SequentialSnapshot.Read(ref reader, bytes, range));
    }

    private static Content ReadIndexed(ref RecordReader reader, ReadOnlyMemory<byte> bytes)
    {
        if (reader.Remaining < TableTrailer.Bytes)
        {
            reader.ThrowCorrupted("a snapshot of keyed state ends before its index");
        }

        int end = bytes.Length - TableTrailer.Bytes;
        TableTrailer trailer = KeyedSnapshotFormat.ReadTrailer(bytes.Span[end..], bytes.Length);
        SnapshotIndex index = KeyedSnapshotFormat.ReadIndex(bytes.Span[(int)trailer.Offset..end], trailer);
        return new Content(index.KeyGroups, index.Range, [.. index.Sections.Select(section => Read(section, bytes))]);
    }

    private static StoredSection Read(IndexedSection section, ReadOnlyMemory<byte> bytes)
    {
        StoredGroups groups = new();
        foreach (IndexedBlock block in section.Blocks)
        {
            int at = (int)block.Offset;
            foreach (Piece piece in block.Pieces)
            {
                groups.Of(block.Kind).Add(piece.Read(bytes.Slice(at, piece.Length)));
                at += piece.Length;
            }
        }

        return groups.ToSection(section.Header, section.IsDelta);
    }

    private sealed record Content(int KeyGroups, KeyGroupRange Range, IReadOnlyList<StoredSection> Sections);
}
