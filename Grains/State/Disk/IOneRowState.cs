using Millrace.Serialization;

namespace Millrace.State.Disk;

/// <summary>A state on the disk each entry of which is one row.</summary>
internal interface IOneRowState
{
    /// <summary>Appends an entry, or the first part of a large one. From any thread.</summary>
    /// <param name="row">The row's key.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="writer">Takes the bytes.</param>
    /// <returns>What is left of it; null for nothing.</returns>
    EntryRest? WriteRow(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, RecordWriter writer);

    /// <summary>Appends the next part of an entry. From any thread.</summary>
    /// <param name="rest">What was left of it.</param>
    /// <param name="value">What its row holds, as before.</param>
    /// <param name="writer">Takes the bytes.</param>
    /// <returns>What is left of it; null for nothing.</returns>
    EntryRest? WriteMore(EntryRest rest, ReadOnlySpan<byte> value, RecordWriter writer) =>
        throw new NotSupportedException($"What was written of a row up to byte {rest.Offset} has no further parts.");
}
