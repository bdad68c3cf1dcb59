namespace Millrace.State.Heap;

/// <summary>The entries of a table as they were at one moment. Read by one thread.</summary>
/// <param name="entries">All of them.</param>
/// <param name="changes">What has changed since the checkpoint that is built upon; null when that is not known, or not
/// asked for.</param>
internal sealed class FrozenTable<TKey, TValue>(
    FrozenPages<KeyedTable<TKey, TValue>.Entry> entries, FrozenChanges<TKey>? changes) : IDisposable
{
    private const int WordBits = 6;
    private const int PageWords = EntryPages<KeyedTable<TKey, TValue>.Entry>.PageEntries >> WordBits;

    /// <summary>Number of entries.</summary>
    public int Count => entries.Count;

    /// <summary>Number of pages.</summary>
    public int Pages => entries.Pages;

    /// <summary>Whether it is known what has changed since the checkpoint that is built upon.</summary>
    public bool KnowsChanges => changes is not null;

    /// <summary>Keys that have been removed since the checkpoint that is built upon; some may be there again.</summary>
    public IEnumerable<TKey> Removed => changes?.Removed.SelectMany(static keys => keys.All()) ?? [];

    /// <summary>The entries of a page that has not been passed. Valid until the next call.</summary>
    public ReadOnlySpan<KeyedTable<TKey, TValue>.Entry> PageAt(int page) => entries.PageAt(page);

    /// <summary>The entries of a page that has not been passed, of which only those that have changed are good. Valid
    /// until the next call.</summary>
    /// <param name="page">The page.</param>
    /// <param name="changed">What <see cref="ChangedOf"/> says of it.</param>
    public ReadOnlySpan<KeyedTable<TKey, TValue>.Entry> ChangedAt(int page, ReadOnlySpan<ulong> changed) =>
        entries.PageAt(page, changed);

    /// <summary>Which entries of a page have changed, a bit for each; empty when that is not known.</summary>
    public ReadOnlySpan<ulong> ChangedOf(int page)
    {
        if (changes is null)
        {
            return [];
        }

        ReadOnlySpan<ulong> all = changes.Touched;
        int first = Math.Min(page * PageWords, all.Length);
        return all.Slice(first, Math.Min(PageWords, all.Length - first));
    }

    /// <summary>A page, and all before it, are not read any more.</summary>
    public void Pass(int page) => entries.Pass(page);

    /// <summary>The keys, page by page.</summary>
    public IEnumerable<TKey> Keys()
    {
        for (int page = 0; page < Pages; page++)
        {
            int length = PageAt(page).Length;
            for (int i = 0; i < length; i++)
            {
                yield return PageAt(page)[i].Key;
            }

            Pass(page);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => entries.Dispose();
}

/// <summary>What has changed in a table between two moments.</summary>
/// <param name="Touched">A bit for each entry: whether it is new or may have another value.</param>
/// <param name="Removed">Keys that were there and have been removed; some may be there again.</param>
internal sealed record FrozenChanges<TKey>(ulong[] Touched, IReadOnlyList<RemovedKeys<TKey>> Removed);
