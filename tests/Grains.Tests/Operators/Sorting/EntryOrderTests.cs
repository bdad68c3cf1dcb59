namespace Millrace.Operators.Sorting;

[TestClass]
public sealed class EntryOrderTests
{
    // From all hashes alike to all different, alike in their first bits or their last; times in order or not.
    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(3, 61)]
    [DataRow(5, 0)]
    [DataRow(20, 30)]
    [DataRow(64, 0)]
    public void Entries_are_sorted_by_hash_then_time_then_offset(int bits, int shift)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int times = seed % 2 == 0 ? 1 : 1 + random.Next(1_000);
            ulong mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
            SortEntry[] entries =
            [
                .. Enumerable.Range(0, random.Next(5_000)).Select(i => new SortEntry(
                    ((ulong)random.NextInt64(long.MinValue, long.MaxValue) & mask) << shift, random.Next(times), i, 1)),
            ];
            SortEntry[] expected = [.. entries];
            Array.Sort(expected);

            EntryOrder.Sort(entries, new SortEntry[entries.Length]);

            CollectionAssert.AreEqual(expected, entries, $"seed {seed}");
        }
    }
}
