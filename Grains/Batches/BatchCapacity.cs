using System.Runtime.CompilerServices;

namespace Millrace.Batches;

/// <summary>How many records a batch holds.</summary>
internal static class BatchCapacity
{
    /// <summary>Least records of a batch: fewer would pay per batch what is meant to be shared.</summary>
    public const int Least = 16;

    /// <summary>Most records of a batch.</summary>
    public const int Most = 1_024;

    /// <summary>Bytes of batches being filled per output, over all its targets.</summary>
    public const int OutputBudgetBytes = 1 << 20;

    /// <summary>Bytes of a batch within a chain: the batches at both ends of a loop stay in the processor's
    /// nearest caches (docs/adr/0013).</summary>
    public const int ChainBatchBytes = 32 << 10;

    /// <summary>Records per batch between two operators of a chain.</summary>
    /// <param name="asked">What the program asks for, or null.</param>
    /// <returns>A power of two from <see cref="Least"/> to <see cref="Most"/>, or what was asked for.</returns>
    public static int OfChain<T>(int? asked = null)
    {
        int capacity = asked ?? Most;
        while (asked is null && capacity > Least && capacity * Unsafe.SizeOf<T>() > ChainBatchBytes)
        {
            capacity /= 2;
        }

        return capacity;
    }

    /// <summary>Records per batch of an output with that many targets.</summary>
    /// <param name="targets">Number of batches being filled at the same time, from 1.</param>
    /// <param name="asked">What the program asks for, or null.</param>
    /// <returns>A power of two from <see cref="Least"/> to <see cref="Most"/>, or what was asked for.</returns>
    public static int Of<T>(int targets, int? asked = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targets);
        if (asked is int exactly)
        {
            return exactly;
        }

        int capacity = Most;
        while (capacity > Least && (long)capacity * targets * Unsafe.SizeOf<T>() > OutputBudgetBytes)
        {
            capacity /= 2;
        }

        return capacity;
    }
}
