using Millrace.Batches;
using Millrace.Graph;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.Network.Partitioners;

[TestClass]
public sealed class PartitionOutputTests
{
    [TestMethod]
    public void By_key_each_record_goes_to_the_subtask_that_owns_its_key_group_with_its_hash()
    {
        KeyHasher<string> hasher = new SerializerSet().GetKeyHasher<string>();
        foreach ((int consumers, int keyGroups) in new[] { (2, 128), (3, 128), (7, 7), (16, 1_000) })
        {
            using TestEdge<string> edge = new(
                PartitionerKind.Hash,
                consumers,
                new KeyPartitionTransformation<string, string>(TestEdge<string>.Input, word => word[..2]),
                keyGroups: keyGroups);
            Random random = new(consumers);
            for (int i = 0; i < 5_000; i++)
            {
                edge.Output.Emit($"{(char)('a' + random.Next(26))}{(char)('a' + random.Next(26))}{i}");
            }

            edge.Output.FlushPartial();
            int seen = 0;
            for (int consumer = 0; consumer < consumers; consumer++)
            {
                foreach (RecordBatch<string> batch in edge.Elements(consumer).Cast<RecordBatch<string>>())
                {
                    for (int i = 0; i < batch.Count; i++)
                    {
                        ulong hash = hasher.Hash(batch[i][..2]);
                        int keyGroup = KeyGroupAssignment.KeyGroupOf(hash, keyGroups);
                        Assert.AreEqual(KeyGroupAssignment.SubtaskOf(keyGroup, keyGroups, consumers), consumer);
                        Assert.AreEqual(hash, batch.Hashes![i]);
                    }

                    seen += batch.Count;
                    batch.Release();
                }
            }

            Assert.AreEqual(5_000, seen);
        }
    }

    [TestMethod]
    public void Rebalancing_deals_records_out_one_by_one_whatever_the_batches()
    {
        Random random = new(1);
        for (int consumers = 2; consumers <= 9; consumers++)
        {
            int subtask = random.Next(20);
            using TestEdge<int> edge = new(PartitionerKind.Rebalance, consumers, subtask: subtask);
            List<int>[] got = [.. Enumerable.Range(0, consumers).Select(_ => new List<int>())];
            int written = 0;
            for (int round = 0; round < 20; round++)
            {
                for (int i = random.Next(300); i > 0; i--)
                {
                    edge.Output.Emit(written++);
                }

                edge.Output.FlushPartial();
                for (int consumer = 0; consumer < consumers; consumer++)
                {
                    got[consumer].AddRange(edge.Records(consumer));
                }
            }

            for (int consumer = 0; consumer < consumers; consumer++)
            {
                int first = (consumer - (subtask % consumers) + consumers) % consumers;
                CollectionAssert.AreEqual(
                    Enumerable.Range(0, written).Where(record => record % consumers == first).ToArray(), got[consumer]);
            }
        }
    }

    [TestMethod]
    public void Shuffling_reaches_everybody_about_equally_and_loses_nothing()
    {
        using TestEdge<int> edge = new(PartitionerKind.Shuffle, consumers: 4);
        for (int i = 0; i < 40_000; i++)
        {
            edge.Output.Emit(i);
        }

        edge.Output.FlushPartial();
        List<int>[] got = [.. Enumerable.Range(0, 4).Select(edge.Records)];
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 40_000).ToArray(), got.SelectMany(records => records).ToArray());
        foreach (List<int> records in got)
        {
            // Eleven standard deviations.
            Assert.IsTrue(Math.Abs(records.Count - 10_000) < 1_000, $"{records.Count} of 40,000 records to one of 4");
        }
    }

    [TestMethod]
    public void Broadcast_batches_are_shared_and_read_by_all()
    {
        using TestEdge<string> edge = new(PartitionerKind.Broadcast, consumers: 3);
        edge.Output.Emit("a");
        edge.Output.EmitWatermark(5);
        edge.Output.FlushPartial();

        RecordBatch<string>[] batches =
            [.. Enumerable.Range(0, 3).Select(consumer => (RecordBatch<string>)edge.Elements(consumer).Single())];
        Assert.AreSame(batches[0], batches[1]);
        Assert.AreSame(batches[0], batches[2]);
        Assert.AreEqual(5, batches[0].Watermark);
        batches[0].Release();
        batches[1].Release();
        Assert.IsTrue(batches[2].IsExclusive);
        CollectionAssert.AreEqual(new[] { "a" }, batches[2].Records.ToArray());
        batches[2].Release();
    }

    [TestMethod]
    public void Global_sends_records_to_the_first_and_control_to_all()
    {
        using TestEdge<int> edge = new(PartitionerKind.Global, consumers: 3);
        edge.Output.Emit(1);
        edge.Output.EmitWatermark(9);
        edge.Output.Emit(new CheckpointBarrier(4));

        CollectionAssert.AreEqual(new[] { 1 }, Records(edge, 0, watermark: 9));
        CollectionAssert.AreEqual(Array.Empty<int>(), Records(edge, 1, watermark: 9));
        CollectionAssert.AreEqual(Array.Empty<int>(), Records(edge, 2, watermark: 9));
    }

    [TestMethod]
    public void Custom_goes_where_the_function_says()
    {
        using TestEdge<int> edge = new(PartitionerKind.Custom, consumers: 3, Custom((key, subtasks) => key % subtasks));
        for (int i = 0; i < 99; i++)
        {
            edge.Output.Emit(i);
        }

        edge.Output.FlushPartial();
        for (int consumer = 0; consumer < 3; consumer++)
        {
            CollectionAssert.AreEqual(
                Enumerable.Range(0, 99).Where(record => record / 10 % 3 == consumer).ToArray(), edge.Records(consumer));
        }
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(3)]
    [DataRow(int.MaxValue)]
    public void Custom_outside_the_subtasks_names_operator_value_and_bound(int chosen)
    {
        using TestEdge<int> edge = new(PartitionerKind.Custom, consumers: 3, Custom((_, _) => chosen));
        edge.Output.Emit(1);

        var error = Assert.ThrowsExactly<PartitionOutOfRangeException>(edge.Output.FlushPartial);
        StringAssert.Contains(error.Message, "'Producer'");
        StringAssert.Contains(error.Message, $"subtask {chosen} of 3");
    }

    [TestMethod]
    public void What_a_users_function_throws_passes_through_and_no_batch_is_lost()
    {
        using TestEdge<int> custom = new(
            PartitionerKind.Custom, consumers: 2, Custom((_, _) => throw new FormatException("mine")));
        custom.Output.Emit(1);
        Assert.AreEqual("mine", Assert.ThrowsExactly<FormatException>(custom.Output.FlushPartial).Message);

        using TestEdge<int> keyed = new(
            PartitionerKind.Hash,
            consumers: 2,
            new KeyPartitionTransformation<int, int>(TestEdge<int>.Input, _ => throw new FormatException("mine too")));
        keyed.Output.Emit(1);
        Assert.AreEqual("mine too", Assert.ThrowsExactly<FormatException>(keyed.Output.FlushPartial).Message);
    }

    // As in the program: who chooses is the consumer, who hands over is the producer.
    [TestMethod]
    public void While_a_record_is_chosen_for_its_consumer_answers_for_it()
    {
        string? during = null;
        TestEdge<int>? custom = null;
        custom = new(
            PartitionerKind.Custom,
            consumers: 2,
            Custom((key, _) => (during = custom!.Output.ChoosesFor) is null ? 0 : key % 2));
        using TestEdge<int> edge = custom;
        edge.Output.Emit(1);
        edge.Output.FlushPartial();
        Assert.AreEqual("Consumer", during);
        Assert.IsNull(edge.Output.ChoosesFor);
    }

    // What waits in the batches of other targets was written before the control element too.
    [TestMethod]
    public void Control_elements_come_behind_everything_written_before_at_every_target()
    {
        using TestEdge<int> edge = new(PartitionerKind.Rebalance, consumers: 3);
        for (int i = 0; i < 7; i++)
        {
            edge.Output.Emit(i);
        }

        edge.Output.EmitWatermark(3);
        edge.Output.Emit(EndOfData.Instance);
        int seen = 0;
        for (int consumer = 0; consumer < 3; consumer++)
        {
            List<StreamElement> elements = edge.Elements(consumer);
            Assert.HasCount(2, elements);
            var batch = (RecordBatch<int>)elements[0];
            Assert.AreEqual(3, batch.Watermark);
            Assert.AreSame(EndOfData.Instance, elements[1]);
            seen += batch.Count;
            batch.Release();
        }

        Assert.AreEqual(7, seen);
        Assert.IsFalse(edge.Output.HasPartial);
    }

    // Behind a thousand records not yet divided, it must not ride on the first of them.
    [TestMethod]
    public void A_watermark_stays_behind_every_record_written_before_it()
    {
        using TestEdge<int> edge = new(PartitionerKind.Rebalance, consumers: 2, timestamps: true);
        for (int round = 0; round < 40; round++)
        {
            for (int i = 0; i < 1_000; i++)
            {
                edge.Output.Emit(i, (round * 1_000) + i);
            }

            edge.Output.EmitWatermark((round * 1_000) + 999);
        }

        edge.Output.FlushPartial();
        for (int consumer = 0; consumer < 2; consumer++)
        {
            long watermark = RecordBatch.NoWatermark;
            foreach (RecordBatch<int> batch in edge.Elements(consumer).OfType<RecordBatch<int>>())
            {
                foreach (long timestamp in batch.TimestampsAt(0)[..batch.Count])
                {
                    Assert.IsTrue(timestamp > watermark, $"{timestamp} comes behind {watermark}");
                }

                watermark = Math.Max(watermark, batch.Watermark);
                batch.Release();
            }

            Assert.AreEqual(39_999, watermark);
        }
    }

    // A watermark rides on full batches; targets that got none have it after a flush, and no target twice.
    [TestMethod]
    public void Every_target_gets_each_watermark_once()
    {
        using TestEdge<int> edge = new(PartitionerKind.Custom, consumers: 3, Custom((_, _) => 1));
        edge.Output.EmitWatermark(10);
        edge.Output.EmitWatermark(9);
        for (int i = 0; i < 5_000; i++)
        {
            edge.Output.Emit(i);
        }

        edge.Output.FlushPartial();
        edge.Output.FlushPartial();
        CollectionAssert.AreEqual(Array.Empty<int>(), Records(edge, 0, watermark: 10));
        Assert.HasCount(5_000, Records(edge, 1, watermark: 10));
        CollectionAssert.AreEqual(Array.Empty<int>(), Records(edge, 2, watermark: 10));
    }

    [TestMethod]
    public void Timestamps_go_with_their_records()
    {
        using TestEdge<int> edge = new(PartitionerKind.Rebalance, consumers: 3, timestamps: true);
        for (int i = 0; i < 100; i++)
        {
            edge.Output.Room()[0] = i;
            edge.Output.TimestampRoom()[0] = 1_000 + i;
            edge.Output.Advance(1);
        }

        edge.Output.FlushPartial();
        for (int consumer = 0; consumer < 3; consumer++)
        {
            foreach (RecordBatch<int> batch in edge.Elements(consumer).Cast<RecordBatch<int>>())
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    Assert.AreEqual(1_000 + batch[i], batch.Timestamps![i]);
                }

                batch.Release();
            }
        }
    }

    // A batch that others read too must not be written: the watermark goes ahead of it.
    [TestMethod]
    public void A_watermark_does_not_touch_a_shared_batch()
    {
        using TestEdge<int> edge = new(PartitionerKind.Forward, consumers: 1);
        BatchPool<int> pool = new(8, BatchLayout.None, edge.Account);
        RecordBatch<int> shared = pool.Rent();
        shared.Values[0] = 7;
        shared.Count = 1;
        shared.Retain();

        edge.Output.EmitWatermark(3);
        edge.Output.Emit(shared);

        Assert.AreEqual(RecordBatch.NoWatermark, shared.Watermark);
        RecordBatch<int>[] got = [.. edge.Elements(0).Cast<RecordBatch<int>>()];
        Assert.AreEqual(0, got[0].Count);
        Assert.AreEqual(3, got[0].Watermark);
        Assert.AreSame(shared, got[1]);
        got[0].Release();
        got[1].Release();
        shared.Release();
    }

    [TestMethod]
    public void An_output_with_one_full_target_is_unavailable_until_that_one_is_read()
    {
        using TestEdge<int> edge = new(PartitionerKind.Custom, consumers: 3, Custom((key, _) => key == 0 ? 0 : 2));
        int written = 0;
        while (edge.Output.IsAvailable)
        {
            edge.Output.Emit(written++ % 10);
        }

        Assert.HasCount(0, edge.Records(1));
        Assert.IsFalse(edge.Output.IsAvailable);
        edge.Records(0);
        edge.Records(2);
        Assert.IsTrue(edge.Output.IsAvailable);
    }

    private static CustomPartitionTransformation<int, int> Custom(Func<int, int, int> partitioner) =>
        new(TestEdge<int>.Input, partitioner, record => record / 10);

    // All records, and the watermark that holds after them, told once.
    private static List<int> Records(TestEdge<int> edge, int consumer, long watermark)
    {
        List<int> records = [];
        long seen = RecordBatch.NoWatermark;
        foreach (RecordBatch<int> batch in edge.Elements(consumer).OfType<RecordBatch<int>>())
        {
            Assert.IsTrue(batch.Count > 0 || batch.Watermark > seen, "an empty batch that says nothing");
            records.AddRange(batch.Records);
            seen = Math.Max(seen, batch.Watermark);
            batch.Release();
        }

        Assert.AreEqual(watermark, seen);
        return records;
    }
}
