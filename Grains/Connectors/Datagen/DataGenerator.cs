namespace Millrace.Connectors.Datagen;

/// <summary>Records made up on the spot.</summary>
public static class DataGenerator
{
    /// <summary>Records that a function makes of the numbers 0, 1, 2 ...</summary>
    /// <param name="generator">Makes the record of an index. On the subtask's loop; must not block. The same index
    /// should always give the same record.</param>
    /// <param name="count">Number of records; null to go on until the job is canceled.</param>
    /// <param name="recordsPerSecond">Records per second, over all subtasks; null for as fast as they are
    /// taken.</param>
    /// <remarks>
    /// <para>Of n subtasks, the first one generates indexes 0, n, 2n ..., the second one 1, n + 1 ... and so on, so
    /// that together they go through the numbers about in order.</para>
    /// <para>With a rate, record i comes i / rate seconds after the first one, and not before. A source that was held
    /// back catches up: the rate holds on the average since the start.</para>
    /// </remarks>
    public static Source<T, GeneratedSplit> Source<T>(
        Func<long, T> generator, long? count = null, double? recordsPerSecond = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        if (count is long records)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(records, nameof(count));
        }

        if (recordsPerSecond is double rate && !(rate > 0 && double.IsFinite(rate)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(recordsPerSecond),
                recordsPerSecond,
                "A rate greater than zero is needed, or null for no limit.");
        }

        return new GeneratorSource<T>(generator, count, recordsPerSecond);
    }
}
