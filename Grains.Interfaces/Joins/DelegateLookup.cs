namespace Millrace.Joins;

/// <summary>A delegate that finds at most one row as a lookup function.</summary>
internal sealed class DelegateLookup<TKey, TRow>(Func<TKey, CancellationToken, ValueTask<TRow?>> function)
    : LookupFunction<TKey, TRow>
{
    public override ValueTask<IReadOnlyList<TRow>> LookupAsync(TKey key, CancellationToken cancellationToken)
    {
        ValueTask<TRow?> row = function(key, cancellationToken);
        return row.IsCompletedSuccessfully ? ValueTask.FromResult(RowsOf(row.Result)) : FindAsync(row);
    }

    private static async ValueTask<IReadOnlyList<TRow>> FindAsync(ValueTask<TRow?> row) => RowsOf(await row);

    private static IReadOnlyList<TRow> RowsOf(TRow? row) => row is null ? [] : [row];
}
