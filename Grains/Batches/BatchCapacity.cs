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
