namespace Millrace.Connectors;

/// <summary>The answer to a reader that asks for a split.</summary>
/// <param name="Kind">What kind of answer.</param>
/// <param name="Split">The split, when there is one.</param>
public readonly record struct SplitAssignment<TSplit>(SplitAssignmentKind Kind, TSplit? Split)
{
    /// <summary>There will never be another split for this reader.</summary>
    public static SplitAssignment<TSplit> NoMore => new(SplitAssignmentKind.NoMore, default);

    /// <summary>Nothing now; the reader asks again.</summary>
    public static SplitAssignment<TSplit> NotNow => new(SplitAssignmentKind.NotNow, default);

    /// <summary>A split to read.</summary>
    public static SplitAssignment<TSplit> Of(TSplit split) => new(SplitAssignmentKind.Assigned, split);
}

/// <summary>Kinds of answers to a reader that asks for a split.</summary>
public enum SplitAssignmentKind
{
    /// <summary>Here is one.</summary>
    Assigned,

    /// <summary>None at the moment; ask again.</summary>
    NotNow,

    /// <summary>None ever again.</summary>
    NoMore,
}
