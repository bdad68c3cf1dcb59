namespace Millrace.State.Disk;

/// <summary>What of an entry is not written yet, when it is written in parts.</summary>
/// <param name="Entry">What it is found by, as it is written.</param>
/// <param name="Row">The row to go on with.</param>
/// <param name="Offset">Where to go on in its value.</param>
/// <param name="Before">How many elements or map entries are written.</param>
internal sealed record EntryRest(byte[] Entry, byte[] Row, int Offset, long Before)
{
    /// <summary>Whether it begins within a row, and not with one.</summary>
    public bool IsWithinRow => Offset > 0;
}
