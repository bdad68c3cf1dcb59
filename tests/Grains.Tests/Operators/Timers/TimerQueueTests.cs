using Millrace.Functions;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.Operators.Timers;

[TestClass]
public sealed class TimerQueueTests
{
    private readonly SerializerSet _serializers = new();

    // Few keys and times, so that timers are registered twice, deleted and met again.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void It_gives_what_a_sorted_set_gives(int seed)
    {
        var random = new Random(seed);
        TimerQueue<string, long> queue = Queue<string, long>();
        SortedSet<(long Time, string Key, long Space)> model = [];
        for (int step = 0; step < 30_000; step++)
        {
            (long Time, string Key, long Space) timer = (random.Next(60), $"key {random.Next(20)}", random.Next(3));
            int choice = random.Next(step % 3_000 < 1_500 ? 5 : 9);
            if (choice < 3)
            {
                Assert.AreEqual(model.Add(timer), queue.Add(timer.Time, in timer.Key, in timer.Space), $"step {step}");
            }
            else if (choice < 5)
            {
                Assert.AreEqual(
                    model.Remove(timer), queue.Remove(timer.Time, in timer.Key, in timer.Space), $"step {step}");
            }
            else
            {
                PopOne(queue, model, random.Next(60), step);
            }

            Assert.AreEqual(model.Count, queue.Count, $"step {step}");
            Assert.AreEqual(model.Count > 0, queue.TryPeek(out long earliest), $"step {step}");
            Assert.IsTrue(model.Count == 0 || model.Min.Time == earliest, $"step {step}");
        }
    }

    [TestMethod]
    public void Timers_of_one_time_come_in_the_same_order_however_they_were_registered()
    {
        int[] keys = [.. Enumerable.Range(0, 500)];
        TimerQueue<int, VoidNamespace> upwards = Queue<int, VoidNamespace>();
        TimerQueue<int, VoidNamespace> shuffled = Queue<int, VoidNamespace>();
        Array.ForEach(keys, key => upwards.Add(7, in key, default));
        new Random(5).Shuffle(keys);
        Array.ForEach(keys, key => shuffled.Add(9, in key, default));
        Array.ForEach(keys, key => shuffled.Add(7, in key, default));
        Array.ForEach(keys, key => shuffled.Remove(9, in key, default));

        int[] order = Drain(upwards);
        CollectionAssert.AreEqual(order, Drain(shuffled));
        CollectionAssert.AreEquivalent(keys, order);
    }

    [TestMethod]
    public void Nothing_is_allocated_while_the_number_of_timers_stays()
    {
        TimerQueue<long, VoidNamespace> queue = Queue<long, VoidNamespace>();
        Turn(queue, 0, 20_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(queue, 20_000, 40_000);

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Two thousand timers at any time: one comes, one goes.
    private static void Turn(TimerQueue<long, VoidNamespace> queue, int start, int end)
    {
        for (long i = start; i < end; i++)
        {
            queue.Add(i + 2_000, in i, default);
            queue.TryPop(i, out _);
        }
    }

    private static void PopOne(
        TimerQueue<string, long> queue, SortedSet<(long Time, string Key, long Space)> model, long now, int step)
    {
        bool due = model.Count > 0 && model.Min.Time <= now;
        Assert.AreEqual(due, queue.TryPop(now, out TimerKey<string, long> popped), $"step {step}");
        if (due)
        {
            Assert.AreEqual(model.Min.Time, popped.Time, $"step {step}");
            Assert.IsTrue(model.Remove((popped.Time, popped.Key, popped.Space)), $"step {step}: it was registered");
        }
    }

    private static int[] Drain(TimerQueue<int, VoidNamespace> queue)
    {
        List<int> keys = [];
        while (queue.TryPop(long.MaxValue, out TimerKey<int, VoidNamespace> timer))
        {
            keys.Add(timer.Key);
        }

        return [.. keys];
    }

    private TimerQueue<TKey, TNamespace> Queue<TKey, TNamespace>() =>
        new("timers", TimeDomain.EventTime, _serializers);
}
