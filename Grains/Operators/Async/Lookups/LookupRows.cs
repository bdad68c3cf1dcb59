namespace Millrace.Operators.Async.Lookups;

/// <summary>What lookup functions return.</summary>
internal static class LookupRows
{
    /// <summary>Refuses what is no list.</summary>
    public static IReadOnlyList<TRow> Require<TRow>(IReadOnlyList<TRow>? rows) => rows
        ?? throw new InvalidOperationException(
            "A lookup function returned null: an empty list stands for a key without rows.");
}
