using Millrace.State;

namespace Millrace.Operators.Timers;

/// <summary>What makes a timer one: a key has at most one for a time and namespace.</summary>
internal readonly struct TimerKey<TKey, TNamespace>(long time, in TKey key, in TNamespace space)
{
    public readonly long Time = time;
    public readonly TKey Key = key;
    public readonly TNamespace Space = space;
}

/// <summary>The hash of timers: in the high half that of the key, which says the key group.</summary>
internal sealed class TimerKeyHasher<TKey, TNamespace>(KeyHasher<TKey> keys, KeyHasher<TNamespace> spaces)
    : KeyHasher<TimerKey<TKey, TNamespace>>
{
    private const ulong KeyGroupBits = 0xFFFF_FFFF_0000_0000;

    public override ulong Hash(in TimerKey<TKey, TNamespace> key)
    {
        ulong keyHash = keys.Hash(in key.Key);
        ulong place = KeyHash.Combine(keyHash, spaces.Hash(in key.Space));
        return (keyHash & KeyGroupBits) | (uint)KeyHash.Combine(place, (ulong)key.Time);
    }

    public override bool Equals(in TimerKey<TKey, TNamespace> left, in TimerKey<TKey, TNamespace> right) =>
        left.Time == right.Time
        && spaces.Equals(in left.Space, in right.Space)
        && keys.Equals(in left.Key, in right.Key);
}
