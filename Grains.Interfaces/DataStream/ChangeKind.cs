namespace Millrace.DataStream;

/// <summary>What happened to a row of a result that is updated as records come in.</summary>
public enum ChangeKind : byte
{
    /// <summary>The row is new.</summary>
    Insert,

    /// <summary>The row as it was, which no longer holds. What holds instead follows at once, as
    /// <see cref="UpdateAfter"/>.</summary>
    UpdateBefore,

    /// <summary>The row as it is now.</summary>
    UpdateAfter,

    /// <summary>The row as it was; nothing takes its place.</summary>
    Delete,
}
