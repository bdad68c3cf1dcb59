namespace Millrace.State.OperatorStates;

/// <summary>What an operator state is, and how it is dealt out after a restart. The numbers are part of the
/// format.</summary>
internal enum OperatorStateKind : byte
{
    /// <summary>A list whose elements are dealt out.</summary>
    List = 1,

    /// <summary>A list that each subtask gets from all of them.</summary>
    Union = 2,

    /// <summary>A map of which each subtask has the whole.</summary>
    Broadcast = 3,
}
