namespace Millrace.Graph;

/// <summary>Whether an operator may run in one subtask with its neighbours.</summary>
public enum ChainingStrategy
{
    /// <summary>With the one before and the one after it.</summary>
    Always,

    /// <summary>With the one after it only: it begins a chain.</summary>
    Head,

    /// <summary>Alone.</summary>
    Never,
}
