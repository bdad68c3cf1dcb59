namespace Millrace.Connectors.Sockets;

/// <summary>Lines come once and in order, no more of them wait than may, and what is lent stays as it is.</summary>
[TestClass]
public sealed class LineQueueTests
{
    private const int Count = 3_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 7)]
    [DataRow(100, 3)]
    [DataRow(1_000, 1_024)]
    public void Lines_come_in_order_however_many_come_at_a_time(int most, int room)
    {
        LineQueue queue = new(most);
        Random random = new(room);
        string[] lines = [.. Enumerable.Range(0, Count).Select(i => $"line {i}")];
        Reading reading = new(queue, room);
        for (int added = 0; added < Count;)
        {
            // As long as there is room: nobody would make some while this thread waits.
            while (added < Count && added - reading.Read.Count < most)
            {
                int taken = queue.Add(lines.AsSpan(added, random.Next(1, Math.Min(50, Count - added) + 1)));
                Assert.IsGreaterThan(0, taken);
                added += taken;
                Assert.IsLessThanOrEqualTo(most, added - reading.Read.Count, "no more wait than may");
                if (random.Next(3) == 0)
                {
                    break;
                }
            }

            Assert.IsFalse(reading.Take());
        }

        queue.End();
        while (!reading.Take())
        {
            Assert.IsLessThan(Count, reading.Read.Count);
        }

        reading.Check();
        CollectionAssert.AreEqual(lines, reading.Read);
    }

    [TestMethod]
    public async Task Who_adds_to_a_full_one_goes_on_when_lines_were_taken()
    {
        LineQueue queue = new(most: 5);
        string[] lines = [.. Enumerable.Range(0, Count).Select(i => $"line {i}")];
        Task adding = Task.Run(() =>
        {
            for (int added = 0; added < Count;)
            {
                added += queue.Add(lines.AsSpan(added));
            }

            queue.End();
        });
        Reading reading = new(queue, room: 4);

        Assert.IsTrue(SpinWait.SpinUntil(reading.Take, Patience));

        await adding;
        reading.Check();
        CollectionAssert.AreEqual(lines, reading.Read);
    }

    [TestMethod]
    public async Task Who_waits_for_room_hears_that_nobody_reads_any_more()
    {
        LineQueue queue = new(most: 2);
        Assert.AreEqual(2, queue.Add(["a", "b", "c"]));
        Task<int> waiting = Task.Run(() => queue.Add(["c"]));

        queue.Stop();

        Assert.AreEqual(0, await waiting);
        Assert.AreEqual(0, queue.Add(["d"]));
    }

    /// <summary>Takes lines, and compares those that were lent before the next ones are taken.</summary>
    private sealed class Reading(LineQueue queue, int room)
    {
        private readonly string[] _room = new string[room];
        private LentRecords<string> _lent;

        public List<string> Read { get; } = [];

        /// <returns>Whether it was the end.</returns>
        public bool Take()
        {
            _lent.GiveBack();
            SourceBatch<string> batch = new(_room, default, canBorrow: true);
            int count = queue.Take(ref batch, out bool isEnd);
            Assert.AreEqual(count, batch.Count);
            _lent = new LentRecords<string>(batch.Lent);
            Read.AddRange(batch.Lent.Count > 0 ? batch.Lent : new ArraySegment<string>(_room, 0, count));
            return isEnd;
        }

        public void Check() => _lent.GiveBack();
    }
}
