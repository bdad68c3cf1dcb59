namespace Millrace.State;

/// <summary>
/// The hash and the equality of one type of keys. Both follow the members, never a method of the type.
/// </summary>
/// <remarks>
/// The hash is the same in every process, on every machine and in every version: it says on which subtask a key lives,
/// and every checkpoint depends on it (docs/formats/key-hash.md). Equal keys have equal hashes.
/// </remarks>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public abstract class KeyHasher<TKey>
{
    /// <summary>
    /// True when <see cref="EqualityComparer{T}.Default"/> finds the same keys equal, and does so without boxing: a
    /// table may then use it, which the compiler can see through.
    /// </summary>
    public virtual bool UsesDefaultEquality => false;

    /// <summary>The hash of one key: the high half chooses the key group, the low half the bucket.</summary>
    public abstract ulong Hash(in TKey key);

    /// <summary>True when two keys are the same key.</summary>
    public abstract bool Equals(in TKey left, in TKey right);

    /// <summary>The hashes of many keys, in order.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="hashes">Where the hashes go; at least as long as <paramref name="keys"/>.</param>
    public virtual void HashBatch(ReadOnlySpan<TKey> keys, Span<ulong> hashes)
    {
        hashes = hashes[..keys.Length];
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = Hash(in keys[i]);
        }
    }
}
