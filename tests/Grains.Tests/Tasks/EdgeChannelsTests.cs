using Millrace.Graph;

namespace Millrace.Tasks;

[TestClass]
public sealed class EdgeChannelsTests
{
    // Every pair of parallelisms up to 20: both ends must see the same channels, or a subtask would wait forever.
    [TestMethod]
    public void Producers_and_consumers_agree_on_every_channel()
    {
        foreach (PartitionerKind kind in Enum.GetValues<PartitionerKind>())
        {
            for (int producers = 1; producers <= 20; producers++)
            {
                for (int consumers = 1; consumers <= 20; consumers++)
                {
                    if (kind != PartitionerKind.Forward || producers == consumers)
                    {
                        AssertAgree(kind, producers, consumers);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Rescaling_divides_the_larger_side_evenly()
    {
        for (int producers = 1; producers <= 20; producers++)
        {
            for (int consumers = 1; consumers <= 20; consumers++)
            {
                const PartitionerKind Kind = PartitionerKind.Rescale;
                IEnumerable<int> smaller = Enumerable.Range(0, Math.Min(producers, consumers));
                int[] counts = [.. smaller.Select(subtask => producers <= consumers
                    ? EdgeChannels.ConsumersOf(Kind, subtask, producers, consumers).Count
                    : EdgeChannels.ProducersOf(Kind, subtask, producers, consumers).Count)];

                string how = $"{producers} to {consumers}: {string.Join(' ', counts)}";
                Assert.IsTrue(counts.Max() - counts.Min() <= 1, how);
                Assert.AreEqual(Math.Max(producers, consumers), counts.Sum(), how);
            }
        }
    }

    private static void AssertAgree(PartitionerKind kind, int producers, int consumers)
    {
        HashSet<(int, int)> sent = [];
        for (int producer = 0; producer < producers; producer++)
        {
            (int first, int count) = EdgeChannels.ConsumersOf(kind, producer, producers, consumers);
            Assert.IsTrue(count >= 1 && first >= 0 && first + count <= consumers, $"{kind} {producers} to {consumers}");
            sent.UnionWith(Enumerable.Range(first, count).Select(consumer => (producer, consumer)));
        }

        HashSet<(int, int)> received = [];
        for (int consumer = 0; consumer < consumers; consumer++)
        {
            (int first, int count) = EdgeChannels.ProducersOf(kind, consumer, producers, consumers);
            Assert.IsTrue(count >= 1 && first >= 0 && first + count <= producers, $"{kind} {producers} to {consumers}");
            received.UnionWith(Enumerable.Range(first, count).Select(producer => (producer, consumer)));
        }

        Assert.IsTrue(sent.SetEquals(received), $"{kind} {producers} to {consumers}");
    }
}
