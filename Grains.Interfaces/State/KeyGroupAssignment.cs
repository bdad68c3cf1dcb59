namespace Millrace.State;

/// <summary>Which key belongs to which key group, and which key group to which subtask.</summary>
/// <remarks>
/// A contract with every checkpoint ever written: another formula would orphan saved state.
/// Source: key groups as in Apache Flink (runtime/state/KeyGroupRangeAssignment); hash: docs/formats/key-hash.md.
/// </remarks>
public static class KeyGroupAssignment
{
    /// <summary>Largest number of key groups. The product of two such numbers still fits 32 bits.</summary>
    public const int MaxKeyGroups = 1 << 15;

    /// <summary>The key group of a key: the high half of its hash, scaled to the number of key groups.</summary>
    /// <param name="hash">The hash of the key, from <see cref="KeyHasher{TKey}"/>.</param>
    /// <param name="keyGroups">Key groups of the vertex, 1 to <see cref="MaxKeyGroups"/>; not checked, for
    /// speed.</param>
    public static int KeyGroupOf(ulong hash, int keyGroups) => (int)(((hash >> 32) * (uint)keyGroups) >> 32);

    /// <summary>The subtask that owns a key group; the counterpart of <see cref="RangeOf"/>.</summary>
    /// <param name="keyGroup">Zero-based, below <paramref name="keyGroups"/>; not checked, for speed.</param>
    /// <param name="keyGroups">Key groups of the vertex, 1 to <see cref="MaxKeyGroups"/>; not checked.</param>
    /// <param name="parallelism">Subtasks of the vertex, 1 to <paramref name="keyGroups"/>; not checked.</param>
    public static int SubtaskOf(int keyGroup, int keyGroups, int parallelism) =>
        (int)((uint)(keyGroup * parallelism) / (uint)keyGroups);

    /// <summary>The key groups of one subtask.</summary>
    /// <param name="keyGroups">Key groups of the vertex, 1 to <see cref="MaxKeyGroups"/>; fixed for a job's
    /// life.</param>
    /// <param name="parallelism">Subtasks of the vertex, 1 to <paramref name="keyGroups"/>.</param>
    /// <param name="subtask">Zero-based index, below <paramref name="parallelism"/>.</param>
    /// <returns>A range, never empty. Over all subtasks every key group is covered exactly once.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside the bounds given for it.</exception>
    public static KeyGroupRange RangeOf(int keyGroups, int parallelism, int subtask)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keyGroups);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keyGroups, MaxKeyGroups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parallelism);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parallelism, keyGroups);
        ArgumentOutOfRangeException.ThrowIfNegative(subtask);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(subtask, parallelism);

        return new KeyGroupRange(FirstOf(subtask), FirstOf(subtask + 1));

        // Rounded up. Each range ends where its neighbour begins, so there is no gap to get wrong.
        int FirstOf(int index) => ((index * keyGroups) + parallelism - 1) / parallelism;
    }
}
