using System.Collections.Concurrent;
using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Operators.Steps;
using Millrace.Running;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Sources;

/// <summary>Records that a reader lends are read while they are lent, and not afterwards.</summary>
[TestClass]
public sealed class LendingTests
{
    private const int Count = 5_000;

    private static readonly OutputTag<long> Odd = new("odd");

    public static IEnumerable<object?[]> Sizes =>
        from batch in (int?[])[1, 7, null]
        from part in (int[])[1, 5, 7, 1_024, 3_000]
        select new object?[] { batch, part };

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Operators_that_keep_records_keep_what_was_lent(int? batch, int part)
    {
        Verify(batch, part, numbers => numbers.Filter(x => x % 3 != 0).Map(x => x + 1), Numbers(x => x % 3 != 0, 1));
        Verify(batch, part, numbers => numbers, Numbers(_ => true, 0));
        Verify(
            batch,
            part,
            numbers => numbers.KeyBy(x => x % 10).Max(x => x).Map(keyed => keyed.Value),
            [.. Enumerable.Range(Count - 10, 10).Select(x => (long)x)]);
        Verify(
            batch,
            part,
            numbers => numbers.KeyBy(x => x % 10).Process(new PassKeyed()),
            Numbers(_ => true, 0),
            RuntimeMode.Batch);
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Several_consumers_and_side_outputs_get_what_was_lent(int? batch, int part)
    {
        Verify(
            batch,
            part,
            numbers => numbers.Map(x => x).Union(numbers.Map(x => x), numbers.Rebalance().Map(x => x)),
            [.. Numbers(_ => true, 0), .. Numbers(_ => true, 0), .. Numbers(_ => true, 0)]);
        Verify(
            batch,
            part,
            numbers =>
            {
                DataStream<long> even = numbers.Process(new SplitOdd());
                return even.Union(even.GetSideOutput(Odd));
            },
            Numbers(_ => true, 0));
    }

    // Two subtasks read it: each gives all of it.
    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Behind_an_exchange_comes_what_was_lent(int? batch, int part)
    {
        long[] twice = [.. Numbers(_ => true, 0), .. Numbers(_ => true, 0)];
        Verify(batch, part, numbers => numbers.KeyBy(x => x).Map(x => x), twice, parallelism: 2);
        Verify(batch, part, numbers => numbers.Rebalance().Map(x => x), twice, parallelism: 2);
        Verify(batch, part, numbers => numbers.Shuffle().Map(x => x), twice, parallelism: 2);
        Verify(batch, part, numbers => numbers.Broadcast().Map(x => x), [.. twice, .. twice], parallelism: 2);
    }

    [TestMethod]
    [DynamicData(nameof(Sizes))]
    public void Windows_over_the_times_of_what_was_lent_count_it_all(int? batch, int part)
    {
        var results = new ConcurrentQueue<long>();
        using var local = new LocalRun(workers: 1);
        local.Run(env => WithSize(env, batch)
            .SetRuntimeMode(RuntimeMode.Streaming)
            .FromSource(
                new LendingSource(Count, part), WatermarkStrategy.ForMonotonousTimestamps<long>())
            .KeyBy(x => x % 2)
            .Window(TumblingEventTimeWindows.Of(TimeSpan.FromMilliseconds(100)))
            .Count()
            .Map(window => window.Value)
            .SinkTo(new GatherSink<long>(results)));

        Assert.AreEqual(Count / 100 * 2, results.Count);
        Assert.IsTrue(results.All(count => count == 50));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    [DataRow(7)]
    public void After_a_failure_in_the_middle_nothing_is_out_and_nothing_is_borrowed(int bad)
    {
        var account = new BatchAccount();
        var clock = new RoundClock(TimeProvider.System);
        clock.Begin();
        var map = new StepOperator<long, long, MapStep<long, long, DelegateMap<long, long>>>(
            ["Map"],
            new(new(value => value == bad ? throw new FormatException() : value)),
            new TestOutput<long>(8, _ => true));
        var input = new OperatorInput<long>(map, clock, new ChainFailure());
        var pool = new BatchPool<long>(8, BatchLayout.None, account);
        var output = new ChainedOutput<long>(pool, input);
        long[] records = [0, 1, 2, 3, 4, 5, 6, 7];

        Assert.IsTrue(output.CanLend);
        Assert.ThrowsExactly<FormatException>(() => output.Lend(records, RecordBatch.NoWatermark));

        Assert.AreEqual(bad, map.Record);
        output.Dispose();
        input.Dispose();
        map.Dispose();
        Assert.AreEqual(0, account.Outstanding);
        RecordBatch<long> again = pool.Rent();
        Assert.IsFalse(again.IsBorrowed);
        again.Values[0] = 5;
        CollectionAssert.AreEqual(new long[] { 0, 1, 2, 3, 4, 5, 6, 7 }, records);
        again.Release();
    }

    // A snapshot comes between two reads, and what was lent before it has gone through by then.
    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(64)]
    public void Between_lent_parts_a_snapshot_says_where_to_go_on(int part)
    {
        List<long> results = [];
        OperatorSnapshot? snapshot = null;
        for (int restarts = 0; results.Count < 500; restarts++)
        {
            Assert.IsLessThan(1_000, restarts, "each attempt goes on");
            snapshot = ReadSome(part, snapshot, results);
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, 500).Select(x => (long)x).ToList(), results);
    }

    [TestMethod]
    public void What_does_not_gain_by_being_lent_is_copied()
    {
        long[] room = new long[8];
        long[] records = [.. Enumerable.Range(1, 20).Select(x => (long)x)];

        var plain = new SourceBatch<long>(room);
        Assert.AreEqual(8, plain.Lend(records));
        Assert.AreEqual(0, plain.Lent.Count);
        CollectionAssert.AreEqual(records[..8], room);

        var few = new SourceBatch<long>(room, default, canBorrow: true);
        Assert.AreEqual(4, few.Lend(records.AsMemory(0, 4)), "half of it is not most of it");
        Assert.AreEqual(4, few.Lend(records.AsMemory(4)), "behind others");
        Assert.AreEqual(0, few.Lent.Count);
        Assert.IsTrue(few.IsFull);

        var lent = new SourceBatch<long>(room, default, canBorrow: true);
        Assert.AreEqual(5, lent.Lend(records.AsMemory(2, 5)));
        Assert.AreSame(records, lent.Lent.Array);
        Assert.AreEqual((2, 5, 5, 0), (lent.Lent.Offset, lent.Lent.Count, lent.Count, lent.Free));
        Assert.IsTrue(lent.IsFull);
        Assert.AreEqual(0, lent.Lend(records));
    }

    private static OperatorSnapshot ReadSome(int part, OperatorSnapshot? snapshot, List<long> results)
    {
        var loop = new TestLoop();
        var failure = new ChainFailure();
        var account = new BatchAccount();
        int asked = 0;
        var sink = new TestOutput<long>(64, _ => ++asked % 5 != 0);
        var map = new StepOperator<long, long, MapStep<long, long, DelegateMap<long, long>>>(
            ["Map"], new(new(value => value)), sink);
        var input = new OperatorInput<long>(map, loop.Clock, failure);
        var source = new SourceOperator<long, NumbersLeft>(
            "Source",
            new string('1', 32),
            new LendingSource(500, part),
            new SourceTools<NumbersLeft>(loop, loop.Clock, failure, new SerializerSet()),
            watermarks: null,
            new ChainedOutput<long>(new BatchPool<long>(64, BatchLayout.None, account), input));
        if (snapshot is { } former)
        {
            source.Restore([former]);
        }

        source.Open(name => new TestRuntimeContext { Operator = name });
        source.Run();
        for (int calls = 0; !input.IsEmpty && calls < 1_000; calls++)
        {
            input.Run();
        }

        Assert.IsTrue(input.IsEmpty);
        map.EndRound();
        OperatorSnapshot taken = source.Snapshot();
        results.AddRange(sink.Records);
        source.Dispose();
        input.Dispose();
        map.Dispose();
        Assert.AreEqual(0, account.Outstanding);
        return taken;
    }

    private static void Verify(
        int? batch,
        int part,
        Func<DataStream<long>, DataStream<long>> steps,
        long[] expected,
        RuntimeMode mode = RuntimeMode.Batch,
        int parallelism = 1)
    {
        var results = new ConcurrentQueue<long>();
        using var local = new LocalRun(workers: 1);
        local.Run(
            env => steps(WithSize(env, batch).SetRuntimeMode(mode).FromSource(new LendingSource(Count, part)))
                .SinkTo(new GatherSink<long>(results)),
            parallelism);
        CollectionAssert.AreEqual(expected.Order().ToArray(), results.Order().ToArray());
    }

    private static StreamExecutionEnvironment WithSize(StreamExecutionEnvironment env, int? batch) =>
        batch is int records ? env.SetBatchSize(records) : env;

    private static long[] Numbers(Func<long, bool> wanted, long add) =>
        [.. Enumerable.Range(0, Count).Select(x => (long)x).Where(wanted).Select(x => x + add)];

    private sealed class PassKeyed : KeyedProcessFunction<long, long, long>
    {
        public override void ProcessElement(long value, Context context, ICollector<long> output) =>
            output.Emit(value);
    }

    private sealed class SplitOdd : ProcessFunction<long, long>
    {
        public override void ProcessElement(long value, Context context, ICollector<long> output)
        {
            if (value % 2 == 0)
            {
                output.Emit(value);
                return;
            }

            context.Output(Odd, value);
        }
    }
}
