using Millrace.Functions.Async;

namespace Millrace.Joins;

/// <summary>How the rows that records join are found.</summary>
/// <param name="KeySelector">Takes the key out of a record.</param>
/// <param name="Function">Finds the rows of a key.</param>
/// <param name="Cache">Which of them are kept; null for none.</param>
/// <param name="Retry">When it is asked again; null for never.</param>
internal sealed record LookupSettings<TLeft, TKey, TRow>(
    Func<TLeft, TKey> KeySelector,
    LookupFunction<TKey, TRow> Function,
    LookupCacheSettings? Cache = null,
    AsyncRetryStrategy<TRow>? Retry = null);

/// <summary>Which rows a subtask keeps.</summary>
/// <param name="MaxEntries">Most keys.</param>
/// <param name="ExpireAfterWrite">How long; null for any time.</param>
/// <param name="KeepsMisses">Whether it is kept that a key has no rows.</param>
internal sealed record LookupCacheSettings(int MaxEntries, TimeSpan? ExpireAfterWrite, bool KeepsMisses);
