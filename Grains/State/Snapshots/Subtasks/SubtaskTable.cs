namespace Millrace.State.Snapshots.Subtasks;

/// <summary>What is where in a subtask's state.</summary>
internal sealed class SubtaskTable
{
    /// <summary>Its operators, in the order in which they were written.</summary>
    public List<StoredOperator> Operators { get; } = [];

    /// <summary>What was in flight to them; no bytes when nothing was.</summary>
    public CheckedRange Incoming { get; set; }

    /// <summary>What was in flight from them and had not been sent; no bytes when nothing was.</summary>
    public CheckedRange Outgoing { get; set; }

    /// <summary>Bytes of all that was in flight.</summary>
    public long InFlightBytes => Incoming.Bytes.Length + Outgoing.Bytes.Length;
}

/// <summary>Where what an operator kept is in a subtask's state.</summary>
/// <param name="Id">The operator's id in the plan.</param>
/// <param name="Keyed">Its keyed state, or no bytes.</param>
/// <param name="Unkeyed">Its operator state, or no bytes.</param>
/// <param name="Watermark">How far event time had come.</param>
/// <param name="Items">What is dealt out anew.</param>
internal sealed record StoredOperator(
    string Id, ByteRange Keyed, CheckedRange Unkeyed, long Watermark, OperatorItems Items);

/// <summary>Neighbouring bytes that have a checksum of their own.</summary>
/// <param name="Bytes">Where they are.</param>
/// <param name="Checksum">Their CRC-32C.</param>
internal readonly record struct CheckedRange(ByteRange Bytes, uint Checksum);
