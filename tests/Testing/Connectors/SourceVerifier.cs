using Millrace.Serialization;

namespace Millrace.Connectors;

/// <summary>Attacks the contract of a bounded source: whatever happens between two reads, each record comes
/// once.</summary>
/// <remarks>
/// Read all at once, record by record, and in batches of 7 and of 1,024; with a snapshot, a new enumerator and new
/// readers after every read; with readers that take many splits; with another number of readers after each snapshot;
/// with splits that come back from failed readers. Splits and snapshots travel as bytes. Reader and enumerator may not
/// change what they told before, and records that a reader lends are the same until it is asked for more.
/// </remarks>
/// <param name="source">What to read; it must give the same records each time.</param>
/// <param name="seed">Decides what happens when.</param>
public sealed class SourceVerifier<T, TSplit>(Source<T, TSplit> source, int seed = 1)
    where T : notnull
{
    // One that a batch of the product has at least, and by default; and one that records rarely fill.
    private static readonly int[] Rooms = [1, 7, 1_024];

    private readonly Random _random = new(seed);
    private readonly SerializerSet _serializers = new();

    /// <summary>Where relative paths count from. Default: the process's own directory.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Reads in many ways.</summary>
    /// <param name="runs">Number of random runs.</param>
    /// <returns>The records, in the order of a single reader.</returns>
    /// <exception cref="InvalidOperationException">Records were lost or came twice, in a run that it
    /// describes.</exception>
    public async Task<IReadOnlyList<T>> VerifyAsync(int runs = 10)
    {
        IReadOnlyList<T> expected =
            (await new SourceRun<T, TSplit>(source) { WorkingDirectory = WorkingDirectory }.ReadAllAsync()).Values;
        foreach (int room in Rooms)
        {
            Compare(
                expected,
                await ReadAsync(1, () => room, everyRead: true),
                $"batches of {room}, snapshot after each, first with one reader");
        }

        for (int run = 0; run < runs; run++)
        {
            int readers = _random.Next(1, 5);
            int largest = _random.Next(1, 40);
            bool everyRead = run % 2 == 0;
            string description = $"seed {seed}, run {run}: {readers} readers, reads of up to {largest}, snapshots "
                + (everyRead ? "after every read" : "now and then");
            Compare(expected, await ReadAsync(readers, () => _random.Next(1, largest + 1), everyRead), description);
        }

        return expected;
    }

    private static void Compare(IReadOnlyList<T> expected, IReadOnlyList<T> read, string description)
    {
        Dictionary<T, int> counts = [];
        foreach (T record in expected)
        {
            counts[record] = counts.GetValueOrDefault(record) + 1;
        }

        foreach (T record in read)
        {
            int left = counts.GetValueOrDefault(record);
            if (left == 0)
            {
                throw new InvalidOperationException($"{description}: record '{record}' came too often.");
            }

            counts[record] = left - 1;
        }

        KeyValuePair<T, int> lost = counts.FirstOrDefault(entry => entry.Value > 0);
        if (lost.Value > 0)
        {
            throw new InvalidOperationException(
                $"{description}: record '{lost.Key}' did not come; {read.Count} of {expected.Count} did.");
        }
    }

    private async Task<List<T>> ReadAsync(int parallelism, Func<int> room, bool everyRead)
    {
        List<T> records = [];
        byte[]? enumeration = null;
        List<byte[]> splits = [];
        while (true)
        {
            await using SourceSide<T, TSplit> side = new(source, _serializers, parallelism, WorkingDirectory);
            await side.StartAsync(enumeration, splits);
            bool hasRead = false;
            do
            {
                int subtask = _random.Next(parallelism);
                if (_random.Next(10) == 0)
                {
                    // A reader fails that has done nothing since it was started from its splits.
                    await side.RestartReaderAsync(subtask);
                }

                T[] read = await side.ReadAsync(subtask, room(), eager: _random.Next(4) == 0);
                records.AddRange(read);
                if (side.HasEnded)
                {
                    return records;
                }

                // Only progress is saved: readers that start anew each time they ask would never come to the end.
                hasRead |= read.Length > 0;
            }
            while (!hasRead || (!everyRead && _random.Next(8) > 0));

            (enumeration, splits) = side.Snapshot();
            (byte[] again, List<byte[]> splitsAgain) = side.Snapshot();
            if (!again.AsSpan().SequenceEqual(enumeration) || splitsAgain.Count != splits.Count)
            {
                throw new InvalidOperationException(
                    "A snapshot differs from the one before it, though nothing was read.");
            }

            parallelism = _random.Next(1, 5);
        }
    }
}
