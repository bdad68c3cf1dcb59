using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Serialization;
using Millrace.Simulation;

namespace Millrace.Operators.Sorting;

[TestClass]
public sealed class RecordSorterTests
{
    // Few hashes and times, so that every kind of tie occurs; budgets from nothing to more than there is.
    [TestMethod]
    [DataRow(64, 1)]
    [DataRow(1_000, 7)]
    [DataRow(20_000, 64)]
    [DataRow(1 << 20, 1_024)]
    public void Records_come_by_hash_then_by_time_then_as_they_came(int budget, int capacity)
    {
        int allRuns = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            (ulong Hash, long Time, string Text)[] records =
            [
                .. Enumerable.Range(0, random.Next(600)).Select(i => (
                    (ulong)random.Next(12) << 60, (long)random.Next(5), $"{i}{new string('x', random.Next(300))}")),
            ];
            var simulation = new SimulatedExecution(seed);
            using var space = new SpillSpace(simulation, new BatchOptions { SpillDirectory = "spill" });
            List<List<string>> groups = [];
            int runs = 0;
            bool done = false;
            simulation.RunAsync(async () =>
            {
                using var sorter = new RecordSorter<string>(new SerializerSet().Get<string>(), space, budget);
                groups = await SortAsync(sorter, records, capacity);
                runs = sorter.Runs;
                done = true;
            });
            simulation.RunUntil(() => done);

            string[][] expected =
            [
                .. records.GroupBy(record => record.Hash).OrderBy(group => group.Key)
                    .Select(group => group.OrderBy(record => record.Time).Select(record => record.Text).ToArray()),
            ];
            Assert.HasCount(expected.Length, groups, $"seed {seed}");
            foreach ((string[] First, List<string> Second) group in expected.Zip(groups))
            {
                CollectionAssert.AreEqual(group.First, group.Second, $"seed {seed}");
            }

            allRuns += runs;
            Assert.AreEqual(0, space.UsedBytes);
            Assert.IsEmpty(simulation.Disk.Paths);
        }

        Assert.AreEqual(budget < 1 << 20, allRuns > 0, $"{allRuns} runs on the disk");
    }

    private static async Task<List<List<string>>> SortAsync(
        RecordSorter<string> sorter, (ulong Hash, long Time, string Text)[] records, int capacity)
    {
        foreach ((ulong hash, long time, string text) in records)
        {
            if (!sorter.HasRoom)
            {
                await sorter.SpillAsync();
            }

            sorter.Add(hash, time, in text);
        }

        sorter.BeginRead();
        var account = new BatchAccount();
        var pool = new BatchPool<string>(capacity, BatchLayout.Timestamps, account);
        List<List<string>> groups = [];
        SortPlace group = default;
        while (true)
        {
            SortedStatus status = sorter.TryPeek(out SortPlace next);
            if (status == SortedStatus.End)
            {
                return groups;
            }

            if (status == SortedStatus.ToLoad)
            {
                await sorter.LoadAsync();
                continue;
            }

            if (groups.Count == 0 || next.Hash != group.Hash)
            {
                groups.Add([]);
            }

            group = next;
            RecordBatch<string> batch = pool.Rent();
            sorter.Fill(batch, SortPlace.LastOf(next.Hash));
            groups[^1].AddRange(batch.Records.ToArray());
            batch.Release();
        }
    }
}
