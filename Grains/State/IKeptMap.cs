namespace Millrace.State;

/// <summary>A map as a backend keeps it, for operators that go through it for each record.</summary>
internal interface IKeptMap<TKey, TValue> : IMapState<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Appends the keys of all entries, in no particular order; in memory without an allocation.</summary>
    void CopyKeys(List<TKey> into);
}
