using Millrace.Serialization;

namespace Millrace.State.Disk;

/// <summary>A state on the disk each entry of which is one row.</summary>
internal interface IOneRowState
{
    /// <summary>Appends an entry. From any thread.</summary>
    /// <param name="row">The row's key.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="writer">Takes the bytes.</param>
    void WriteRow(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value, RecordWriter writer);
}
