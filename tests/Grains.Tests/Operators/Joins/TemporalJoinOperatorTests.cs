using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Joins;
using Millrace.Operators.Connected;
using Millrace.Operators.Outputs;
using Millrace.Operators.TwoInputs;
using Millrace.State;

namespace Millrace.Operators.Joins;

[TestClass]
[Verifies(typeof(TemporalJoinOperator<,,,,>))]
public sealed class TemporalJoinOperatorTests
{
    private static readonly KeyGroupRange All = new(0, TwoInputVerifier.KeyGroups);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Each_record_joins_the_latest_version_not_after_it(int seed)
    {
        (Mark Value, long Time)[] left = Joining.Marks(seed, 80);
        (Mark Value, long Time)[] versions = [.. Joining.Marks(seed + 50, 40, step: 6).DistinctBy(mark => mark.Value)];
        Pair[] expected =
        [
            .. from l in left
               let valid = versions.Where(v => v.Value.Key == l.Value.Key && v.Time <= l.Time).ToArray()
               where valid.Length > 0
               select new Pair(l.Value.Key, l.Time, valid.Max(v => v.Time)),
        ];

        TwoInputVerifier.Verify(new TwoInputCase<Mark, Mark, Pair>(
            (output, range) => Joining.Temporal(new TemporalJoinSides<Mark>(), output, range),
            left,
            versions,
            Joining.HashOf,
            Joining.HashOf,
            expected)
        {
            TimeOf = pair => pair.Left,
        });
        Assert.AreNotEqual(0, expected.Length);
        Assert.IsLessThan(left.Length, expected.Length);
    }

    [TestMethod]
    public void Records_that_do_not_join_go_to_their_side_outputs()
    {
        var unmatched = new TestOutput<Mark>(1, _ => true, hasTimestamps: true);
        var late = new TestOutput<Mark>(1, _ => true, hasTimestamps: true);
        var output = new TestOutput<Pair>(1, _ => true, hasTimestamps: true);
        using TwoInputOperator<Mark, Mark> join = Joining.Temporal(
            new TemporalJoinSides<Mark>(new OutputTag<Mark>("unmatched"), new OutputTag<Mark>("late")),
            output,
            All,
            new SideOutput<Mark>("unmatched", unmatched),
            new SideOutput<Mark>("late", late));
        join.Open(name => new TestRuntimeContext { Operator = name });

        Take(join, left: [new Mark(1, 5), new Mark(1, 10), new Mark(2, 12)], right: [new Mark(1, 8)]);
        Assert.IsEmpty(output.Records, "no watermark has come");
        join.Advance(12);
        Take(join, left: [new Mark(1, 12)], right: []);

        CollectionAssert.AreEqual(new[] { new Pair(1, 10, 8) }, output.Records);
        CollectionAssert.AreEqual(new[] { new Mark(1, 5), new Mark(2, 12) }, unmatched.Records);
        CollectionAssert.AreEqual(new[] { new Mark(1, 12) }, late.Records);
    }

    // A version behind the watermark changes nothing that was said, but is the latest for what follows.
    [TestMethod]
    public void A_late_version_counts_for_later_records_unless_a_newer_one_is_known()
    {
        var output = new TestOutput<Pair>(1, _ => true, hasTimestamps: true);
        using TwoInputOperator<Mark, Mark> join = Joining.Temporal(new TemporalJoinSides<Mark>(), output, All);
        join.Open(name => new TestRuntimeContext { Operator = name });

        Take(join, left: [new Mark(1, 30)], right: [new Mark(1, 10)]);
        join.Advance(50);
        Take(join, left: [new Mark(1, 60)], right: [new Mark(1, 40)]);
        join.Advance(60);
        Take(join, left: [new Mark(1, 70)], right: [new Mark(1, 20)]);
        join.Advance(70);

        CollectionAssert.AreEqual(
            new[] { new Pair(1, 30, 10), new Pair(1, 60, 40), new Pair(1, 70, 40) }, output.Records);
    }

    [TestMethod]
    public void Of_past_versions_one_is_kept_for_each_key_whether_records_come_or_not()
    {
        var output = new TestOutput<Pair>(64, _ => true, hasTimestamps: true);
        using TwoInputOperator<Mark, Mark> join = Joining.Temporal(new TemporalJoinSides<Mark>(), output, All);
        join.Open(name => new TestRuntimeContext { Operator = name });
        int early = 0;
        for (int i = 0; i < 5_000; i++)
        {
            Take(join, left: [], right: [new Mark(i % 4, i)]);
            join.Advance(i - 5);
            early = i == 100 ? join.Snapshot().Keyed.Length : early;
        }

        Assert.IsLessThan(early + 100, join.Snapshot().Keyed.Length);
    }

    private static void Take(TwoInputOperator<Mark, Mark> join, Mark[] left, Mark[] right)
    {
        if (left.Length > 0)
        {
            Assert.AreEqual(left.Length, join.ProcessLeft(BatchOf(left), 0, left.Length));
        }

        if (right.Length > 0)
        {
            Assert.AreEqual(right.Length, join.ProcessRight(BatchOf(right), 0, right.Length));
        }

        join.EndRound();
    }

    private static RecordBatch<Mark> BatchOf(Mark[] marks)
    {
        RecordBatch<Mark> batch =
            new BatchPool<Mark>(marks.Length, BatchLayout.Timestamps, new BatchAccount()).Rent();
        foreach (Mark mark in marks)
        {
            batch.Values[batch.Count] = mark;
            batch.Timestamps![batch.Count++] = mark.Time;
        }

        return batch;
    }
}
