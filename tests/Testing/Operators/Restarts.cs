namespace Millrace.Operators;

/// <summary>What becomes of an operator between two steps of a run.</summary>
internal enum Restarts
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is saved, discarded and restored after each step.</summary>
    EachStep,

    /// <summary>After each step it is saved and restored with another parallelism: 1, 3, 2 and so on.</summary>
    Rescaled,

    /// <summary>After each step what it keeps is taken, and written only some steps later.</summary>
    Late,
}
