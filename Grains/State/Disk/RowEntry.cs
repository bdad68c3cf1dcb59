namespace Millrace.State.Disk;

/// <summary>A row at hand: where its key and value stand in the block of rows, and what is known of it.</summary>
internal struct RowEntry
{
    public int Row;
    public int RowLength;
    public int Value;
    public int ValueLength;

    /// <summary>Bytes that the value may have where it stands.</summary>
    public int Room;

    /// <summary>Bytes of the value that the database has, while it is only extended.</summary>
    public int Written;

    public RowStatus Status;

    /// <summary>Whether the database has no such row.</summary>
    public bool IsNew;

    /// <summary>Whether it is about to be looked up.</summary>
    public bool IsWanted;
}
