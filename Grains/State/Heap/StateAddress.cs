namespace Millrace.State.Heap;

/// <summary>Where a state's entry is found: by a key and a namespace within it.</summary>
internal readonly struct StateAddress<TKey, TNamespace>(in TKey key, in TNamespace space)
{
    public readonly TKey Key = key;
    public readonly TNamespace Space = space;
}

/// <summary>The hash of addresses: in the high half that of the key, which says the key group.</summary>
internal sealed class StateAddressHasher<TKey, TNamespace>(KeyHasher<TKey> keys, KeyHasher<TNamespace> spaces)
    : KeyHasher<StateAddress<TKey, TNamespace>>
{
    private const ulong KeyGroupBits = 0xFFFF_FFFF_0000_0000;

    public override ulong Hash(in StateAddress<TKey, TNamespace> key) =>
        Combine(keys.Hash(in key.Key), in key.Space);

    /// <summary>The hash of a key, whose own is known, in a namespace.</summary>
    public ulong Combine(ulong keyHash, in TNamespace space) =>
        (keyHash & KeyGroupBits) | (uint)KeyHash.Combine(keyHash, spaces.Hash(in space));

    public override bool Equals(in StateAddress<TKey, TNamespace> left, in StateAddress<TKey, TNamespace> right) =>
        spaces.Equals(in left.Space, in right.Space) && keys.Equals(in left.Key, in right.Key);
}
