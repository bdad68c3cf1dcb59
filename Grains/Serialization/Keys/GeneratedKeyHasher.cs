using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Millrace.State;

namespace Millrace.Serialization.Keys;

/// <summary>A hash and equality whose methods were generated for their type.</summary>
internal sealed class GeneratedKeyHasher<TKey>(
    GeneratedKeyHasher<TKey>.HashMany hash, GeneratedKeyHasher<TKey>.Compare equals, bool usesDefaultEquality)
    : KeyHasher<TKey>
{
    /// <summary>Puts the hashes of neighbouring keys into neighbouring places.</summary>
    internal delegate void HashMany(ref TKey first, int count, ref ulong hashes);

    /// <summary>Compares the keys at two addresses.</summary>
    internal delegate bool Compare(ref TKey left, ref TKey right);

    public override bool UsesDefaultEquality => usesDefaultEquality;

    public override ulong Hash(in TKey key)
    {
        ulong result = 0;
        hash(ref Unsafe.AsRef(in key), 1, ref result);
        return result;
    }

    public override bool Equals(in TKey left, in TKey right) =>
        equals(ref Unsafe.AsRef(in left), ref Unsafe.AsRef(in right));

    public override void HashBatch(ReadOnlySpan<TKey> keys, Span<ulong> hashes)
    {
        hashes = hashes[..keys.Length];
        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(ulong))
        {
            KeyHash.MixAll(MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.As<TKey, ulong>(ref MemoryMarshal.GetReference(keys)), keys.Length), hashes);
            return;
        }

        hash(ref MemoryMarshal.GetReference(keys), keys.Length, ref MemoryMarshal.GetReference(hashes));
    }
}
