using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Serialization;

namespace Millrace.Tasks.Checkpointing;

[TestClass]
public sealed class InFlightShareTests
{
    private const int KeyGroups = 128;

    private static readonly SerializerSet Serializers = new();

    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(3, 2)]
    [DataRow(2, 7)]
    public void Each_record_in_flight_by_key_goes_to_one_subtask(int former, int now)
    {
        var partition = new KeyPartitionTransformation<long, long>(Input(), value => value % 1_000);
        List<long> all = [];
        for (int index = 0; index < former; index++)
        {
            for (int own = 0; own < now; own++)
            {
                all.AddRange(Share(
                    partition, new SubtaskPlace(index, former), new SubtaskPlace(own, now), turn: index));
            }
        }

        CollectionAssert.AreEquivalent(Enumerable.Repeat(Numbers(), former).SelectMany(x => x).ToArray(), all);
    }

    [TestMethod]
    public void Ways_that_are_dealt_out_go_to_one_subtask_each()
    {
        foreach (PartitionerKind kind in new[] { PartitionerKind.Rebalance, PartitionerKind.Shuffle })
        {
            var partition = new PartitionTransformation<long>(Input(), kind);
            for (int turn = 0; turn < 6; turn++)
            {
                int takers = Enumerable.Range(0, 4).Count(own =>
                    Share(partition, new SubtaskPlace(turn % 3, 3), new SubtaskPlace(own, 4), turn).Count > 0);
                Assert.AreEqual(1, takers, $"{kind}, way {turn}");
            }
        }
    }

    // Subtask 3 takes over the copy of the state that subtask 0 had, so it has to see what that one had not seen.
    [TestMethod]
    public void Broadcast_records_go_where_the_copy_of_the_state_goes()
    {
        var partition = new PartitionTransformation<long>(Input(), PartitionerKind.Broadcast);
        for (int own = 0; own < 5; own++)
        {
            for (int former = 0; former < 3; former++)
            {
                int taken = Share(partition, new SubtaskPlace(former, 3), new SubtaskPlace(own, 5), turn: 0).Count;
                Assert.AreEqual(own % 3 == former ? 100 : 0, taken, $"{former} to {own}");
            }
        }
    }

    private static Transformation<long> Input() =>
        new StreamExecutionEnvironment().FromCollection(new long[] { 1 }).Transformation;

    private static IEnumerable<long> Numbers() => Enumerable.Range(0, 100).Select(i => i * 37L);

    private static List<long> Share(
        PartitionTransformation<long> partition, SubtaskPlace former, SubtaskPlace own, int turn)
    {
        InFlightShare<long> share = new(partition, Serializers, KeyGroups, turn, former, own);
        if (!share.HasAny)
        {
            return [];
        }

        BatchAccount account = new();
        RecordBatch<long> batch = new BatchPool<long>(100, BatchLayout.None, account).Rent();
        foreach (long number in Numbers())
        {
            batch.Values[batch.Count++] = number;
        }

        share.Keep(batch);
        List<long> kept = [.. batch.Records];
        batch.Release();
        return kept;
    }
}
