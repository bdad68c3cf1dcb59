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
[Verifies(typeof(IntervalJoinOperator<,,,,>))]
public sealed class IntervalJoinOperatorTests
{
    private static readonly KeyGroupRange All = new(0, TwoInputVerifier.KeyGroups);

    [TestMethod]
    [DataRow(-5, 5)]
    [DataRow(0, 10)]
    [DataRow(0, 0)]
    [DataRow(-20, -3)]
    [DataRow(3, 20)]
    [DataRow(-4, 9)]
    [DataRow(-10_000, 10_000)]
    public void The_pairs_are_those_of_a_plain_query_and_nothing_is_kept(int lower, int upper)
    {
        (Mark Value, long Time)[] left = Joining.Marks(lower, 60);
        (Mark Value, long Time)[] right = Joining.Marks(upper + 100, 60);
        Pair[] expected =
        [
            .. from l in left
               from r in right
               where l.Value.Key == r.Value.Key && r.Time >= l.Time + lower && r.Time <= l.Time + upper
               select new Pair(l.Value.Key, l.Time, r.Time),
        ];

        var interval = new JoinInterval<Mark, Mark>(lower, upper);
        TwoInputVerifier.Verify(new TwoInputCase<Mark, Mark, Pair>(
            (output, range) => Joining.Interval(interval, output, range),
            left,
            right,
            Joining.HashOf,
            Joining.HashOf,
            expected)
        {
            TimeOf = pair => Math.Max(pair.Left, pair.Right),
            LeavesNothing = true,
        });
        Assert.AreNotEqual(0, expected.Length);
    }

    // What the last watermark said holds for the restored operator as well: it has no partners left for such records.
    [TestMethod]
    public void What_was_late_stays_late_after_a_restore()
    {
        var sideLeft = new TestOutput<Mark>(1, _ => true, hasTimestamps: true);
        var output = new TestOutput<Pair>(1, _ => true, hasTimestamps: true);
        var interval = new JoinInterval<Mark, Mark>(-50, 50, new OutputTag<Mark>("late"));
        using TwoInputOperator<Mark, Mark> before = Joining.Interval(
            interval, new TestOutput<Pair>(1, _ => true, hasTimestamps: true), All);
        before.Open(name => new TestRuntimeContext { Operator = name });
        Right(before, new Mark(1, 110));
        before.Advance(100);

        using TwoInputOperator<Mark, Mark> after = Joining.Interval(
            interval, output, All, new SideOutput<Mark>("late", sideLeft));
        after.Restore([before.Snapshot()]);
        after.Open(name => new TestRuntimeContext { Operator = name });
        Left(after, new Mark(1, 100));
        Left(after, new Mark(1, 101));

        CollectionAssert.AreEqual(new[] { new Mark(1, 100) }, sideLeft.Records);
        CollectionAssert.AreEqual(new[] { new Pair(1, 101, 110) }, output.Records);
    }

    [TestMethod]
    public void Records_behind_the_watermark_go_to_their_side_output_and_join_nothing()
    {
        var late = new OutputTag<Mark>("late");
        var lateRight = new OutputTag<Mark>("late right");
        var sideLeft = new TestOutput<Mark>(1, _ => true, hasTimestamps: true);
        var sideRight = new TestOutput<Mark>(1, _ => true, hasTimestamps: true);
        var output = new TestOutput<Pair>(1, _ => true, hasTimestamps: true);
        using TwoInputOperator<Mark, Mark> join = Joining.Interval(
            new JoinInterval<Mark, Mark>(-50, 50, late, lateRight),
            output,
            All,
            new SideOutput<Mark>("late", sideLeft),
            new SideOutput<Mark>("late right", sideRight));
        join.Open(name => new TestRuntimeContext { Operator = name });

        Left(join, new Mark(1, 100));
        join.Advance(100);
        Right(join, new Mark(1, 100));
        Right(join, new Mark(1, 101));
        Left(join, new Mark(1, 99));

        CollectionAssert.AreEqual(new[] { new Pair(1, 100, 101) }, output.Records);
        CollectionAssert.AreEqual(new[] { new Mark(1, 99) }, sideLeft.Records);
        CollectionAssert.AreEqual(new[] { new Mark(1, 100) }, sideRight.Records);
        CollectionAssert.AreEqual(new[] { 99L }, sideLeft.Timestamps);
    }

    // Ten thousand records of each side: what is kept is what the interval needs, however long the stream.
    [TestMethod]
    public void What_is_kept_does_not_grow_with_the_stream()
    {
        var output = new TestOutput<Pair>(64, _ => true, hasTimestamps: true);
        using TwoInputOperator<Mark, Mark> join =
            Joining.Interval(new JoinInterval<Mark, Mark>(-20, 20), output, All);
        join.Open(name => new TestRuntimeContext { Operator = name });
        int early = 0;
        for (int i = 0; i < 10_000; i++)
        {
            Left(join, new Mark(i % 7, i));
            Right(join, new Mark(i % 3, i));
            join.Advance(i - 5);
            early = i == 500 ? join.Snapshot().Keyed.Length : early;
        }

        Assert.IsLessThan(early + 100, join.Snapshot().Keyed.Length);
        Assert.IsGreaterThan(10_000, output.Records.Count);
    }

    [TestMethod]
    public void A_record_without_a_timestamp_is_refused_by_name()
    {
        var output = new TestOutput<Pair>(1, _ => true, hasTimestamps: true);
        using TwoInputOperator<Mark, Mark> join = Joining.Interval(new JoinInterval<Mark, Mark>(0, 1), output, All);
        join.Open(name => new TestRuntimeContext { Operator = name });

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(
            () => Left(join, new Mark(1, RecordBatch.NoTimestamp)));

        StringAssert.Contains(error.Message, "'Join'");
        StringAssert.Contains(error.Message, "timestamp");
    }

    private static void Left(TwoInputOperator<Mark, Mark> join, Mark mark)
    {
        Assert.AreEqual(1, join.ProcessLeft(BatchOf(mark), 0, 1));
        join.EndRound();
    }

    private static void Right(TwoInputOperator<Mark, Mark> join, Mark mark)
    {
        Assert.AreEqual(1, join.ProcessRight(BatchOf(mark), 0, 1));
        join.EndRound();
    }

    private static RecordBatch<Mark> BatchOf(Mark mark)
    {
        RecordBatch<Mark> batch = new BatchPool<Mark>(1, BatchLayout.Timestamps, new BatchAccount()).Rent();
        batch.Values[0] = mark;
        batch.Timestamps![0] = mark.Time;
        batch.Count = 1;
        return batch;
    }
}
