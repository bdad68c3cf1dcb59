using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Operators.Process;
using Millrace.Programs;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Harnesses;

/// <summary>The harness as those who test functions with it see it.</summary>
[TestClass]
public sealed class FunctionHarnessTests
{
    private static readonly ValueStateDescriptor<long> Sum = new("sum");

    [TestMethod]
    public void Timers_of_event_time_fire_with_the_watermark_and_are_counted()
    {
        using OneInputHarness<(string Key, long Value), string> harness = Sums();

        harness.Process(("a", 3));
        harness.Process(("a", 4));
        harness.Process(("b", 12));
        Assert.AreEqual(2, harness.EventTimeTimers);
        Assert.AreEqual(7, harness.ReadState("a", context => context.GetState(Sum).Value));
        Assert.AreEqual(0, harness.ReadState("c", context => context.GetState(Sum).Value));
        Assert.HasCount(0, harness.Results);

        harness.AdvanceWatermark(10);

        CollectionAssert.AreEqual(new[] { "a: 7 at 10" }, harness.TakeResults().ToArray());
        Assert.AreEqual(new HarnessRecord<string>("a: 7 at 10", 10), harness.TimedResults.Single());
        Assert.AreEqual(1, harness.EventTimeTimers);
        harness.Finish();
        CollectionAssert.AreEqual(new[] { "b: 12 at 20" }, harness.TakeResults().ToArray());
        CollectionAssert.AreEqual(new[] { 10, long.MaxValue }, harness.Watermarks.ToArray());
    }

    [TestMethod]
    public void A_function_that_throws_leaves_no_batch_behind()
    {
        using OneInputHarness<int, int> one = FunctionHarness.Of<int, int>(
            records => records.Map(record => 1 / record));
        Assert.ThrowsExactly<DivideByZeroException>(() => one.Process(0));
        Assert.AreEqual(0, one.Batches.Outstanding);
        one.Process(1);

        Assert.AreEqual(0, one.Batches.Outstanding);
        CollectionAssert.AreEqual(new[] { 1 }, one.Results.ToArray(), "it goes on");
    }

    [TestMethod]
    public void Timers_of_the_clock_fire_when_the_test_moves_it()
    {
        using OneInputHarness<(string Key, long Value), string> harness = FunctionHarness.Of<(string, long), string>(
            records => records.KeyBy(record => record.Item1).Process(new Reminder()));
        long begin = harness.CurrentProcessingTime;

        harness.Process(("a", 1_000));
        harness.AdvanceProcessingTime(TimeSpan.FromMilliseconds(999));
        Assert.AreEqual(1, harness.ProcessingTimeTimers);
        Assert.HasCount(0, harness.Results);
        harness.AdvanceProcessingTime(TimeSpan.FromMilliseconds(1));

        CollectionAssert.AreEqual(new[] { $"a at {begin + 1_000}" }, harness.Results.ToArray());
        Assert.AreEqual(0, harness.ProcessingTimeTimers);
    }

    [TestMethod]
    public void Side_outputs_are_kept_whether_a_program_would_take_them_or_not()
    {
        using OneInputHarness<(string Key, long Value), string> harness = FunctionHarness.Of<(string, long), string>(
            records => records.KeyBy(record => record.Item1).Process(new Parity()));

        harness.Process(("a", 3), timestamp: 30);
        harness.Process(("b", 4));
        harness.Process(("c", 5));

        CollectionAssert.AreEqual(
            new[] { new HarnessRecord<long>(3, 30), new HarnessRecord<long>(5, null) },
            harness.SideOutput(new OutputTag<long>("odd")).ToArray());
        Assert.HasCount(2, harness.SideOutput(new OutputTag<string>("unused")));
        Assert.HasCount(0, harness.SideOutput(new OutputTag<string>("never")));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => harness.SideOutput(new OutputTag<int>("odd"))).Message,
            "System.Int64");
    }

    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(3, 2)]
    [DataRow(2, 5)]
    public void Snapshots_are_taken_over_with_another_parallelism(int before, int after)
    {
        (string Key, long Value)[] records = [.. Enumerable.Range(0, 40).Select(i => ($"k{i % 9}", (long)i))];
        OneInputHarness<(string Key, long Value), string>[] first = Subtasks(before, []);
        Feed(first, records[..20]);
        HarnessSnapshot[] snapshots = [.. first.Select(harness => harness.Snapshot())];
        OneInputHarness<(string Key, long Value), string>[] second = Subtasks(after, snapshots);
        Feed(second, records[20..]);
        Array.ForEach(second, harness => harness.Finish());

        using OneInputHarness<(string Key, long Value), string> alone = Sums();
        Array.ForEach(records, record => alone.Process(record));
        alone.Finish();
        CollectionAssert.AreEquivalent(
            alone.Results.ToArray(), second.SelectMany(harness => harness.Results).ToArray());
        Assert.IsTrue(Array.TrueForAll(second, harness => harness.EventTimeTimers == 0));
        Array.ForEach([.. first, .. second], harness => harness.Dispose());
    }

    [TestMethod]
    public void A_record_of_another_subtask_is_refused()
    {
        OneInputHarness<(string Key, long Value), string>[] subtasks = Subtasks(2, []);
        OneInputHarness<(string Key, long Value), string> other = subtasks.Single(harness => !harness.Owns(("a", 1)));

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => other.Process(("a", 1)));

        StringAssert.Contains(error.Message, "key group");
        StringAssert.Contains(error.Message, "of 2");
        Array.ForEach(subtasks, harness => harness.Dispose());
    }

    [TestMethod]
    public void Functions_of_all_kinds_run_alone()
    {
        CollectionAssert.AreEqual(new[] { 2, 4 }, Run<int, int>(s => s.Map(x => 2 * x), 1, 2));
        CollectionAssert.AreEqual(new[] { 2 }, Run<int, int>(s => s.Filter(x => x > 1), 1, 2));
        CollectionAssert.AreEqual(new[] { 1, 1, 2, 2 }, Run<int, int>(s => s.FlatMap(x => new[] { x, x }), 1, 2));
        CollectionAssert.AreEqual(
            new[] { 1, 3 }, Run<int, int>(s => s.KeyBy(x => 0).Reduce((left, right) => left + right), 1, 2));
        CollectionAssert.AreEqual(
            new[] { 2L },
            Run<int, Windowed<int, TimeWindow, long>>(
                s => s.KeyBy(x => 0).Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(1))).Count(), 1, 2)
                .Select(window => window.Value).ToArray());
        using var timed = FunctionHarness.Of<int, int>(s => s.AssignTimestampsAndWatermarks(
            WatermarkStrategy.ForMonotonousTimestamps<int>().WithTimestampAssigner(x => x * 10)));
        timed.Process(7);
        Assert.AreEqual(new HarnessRecord<int>(7, 70), timed.TimedResults.Single());
        CollectionAssert.AreEqual(new[] { 69L }, timed.Watermarks.ToArray());
    }

    [TestMethod]
    public void Joins_and_connected_streams_have_two_sides()
    {
        using var join = FunctionHarness.Of<int, int, (int, int)>((left, right) => left.KeyBy(x => x % 2)
            .IntervalJoin(right.KeyBy(x => x % 2)).Between(TimeSpan.Zero, TimeSpan.FromSeconds(1))
            .Apply((l, r) => (l, r)));
        join.ProcessLeft(1, 100);
        join.ProcessRight(3, 1_100);
        join.ProcessRight(5, 1_101);
        join.ProcessRight(2, 100);
        Assert.AreEqual(new HarnessRecord<(int, int)>((1, 3), 1_100), join.TimedResults.Single());

        using var map = FunctionHarness.Of<int, string, string>((left, right) =>
            left.Connect(right).Map(x => $"{x}", x => x));
        map.ProcessLeft(1);
        map.ProcessRight("b");
        map.AdvanceWatermark(5);
        map.Finish();
        CollectionAssert.AreEqual(new[] { "1", "b" }, map.Results.ToArray());
    }

    [TestMethod]
    public void What_is_not_one_operator_is_refused_by_name()
    {
        StringAssert.Contains(
            Refused(() => FunctionHarness.Of<int, int>(s => s.Map(x => x).Name("one").Filter(x => true).Name("two"))),
            "'one', 'two'");
        StringAssert.Contains(Refused(() => FunctionHarness.Of<int, int>(s => s)), "0");
        StringAssert.Contains(
            Refused(() => FunctionHarness.Of<int, int, int>((l, r) => r.Connect(l).Map(x => x, x => x + 1)
                .Name("exchanged"))),
            "'exchanged' does not take");
        StringAssert.Contains(
            Refused(() => FunctionHarness.Of<int, int, int>((l, r) => l.Union(r).Map(x => x).Name("both"))),
            "'both' does not take");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidProgramGraphException>(
                () => FunctionHarness.Of<int[], long>(s => s.KeyBy(x => x).Sum(x => 1L).Map(x => x.Value))).Message,
            "cannot be a key");
    }

    [TestMethod]
    public void Arguments_accumulators_and_the_subtask_are_those_of_the_settings()
    {
        using var harness = FunctionHarness.Of<int, string>(s => s.Process(new Describing()), new HarnessSettings
        {
            Subtask = 1,
            Parallelism = 3,
            MaxParallelism = 12,
            Arguments = JobArguments.Parse(["--prefix=p"]),
        });

        harness.Process(5);

        CollectionAssert.AreEqual(new[] { "p5 at 1 of 3 of 12" }, harness.Results.ToArray());
        Assert.AreEqual(1, harness.Accumulator<LongCounter>("seen").Value);
    }

    private static OneInputHarness<(string Key, long Value), string> Sums(HarnessSettings? settings = null) =>
        FunctionHarness.Of<(string Key, long Value), string>(
            records => records.KeyBy(record => record.Key).Process(new SumOfTens()), settings);

    private static OneInputHarness<(string Key, long Value), string>[] Subtasks(
        int parallelism, HarnessSnapshot[] restored) =>
    [
        .. Enumerable.Range(0, parallelism).Select(subtask => Sums(new HarnessSettings
        {
            Subtask = subtask,
            Parallelism = parallelism,
            Restore = restored,
        })),
    ];

    private static void Feed(
        OneInputHarness<(string Key, long Value), string>[] subtasks, (string Key, long Value)[] records)
    {
        foreach ((string Key, long Value) record in records)
        {
            subtasks.Single(harness => harness.Owns(record)).Process(record);
        }
    }

    private static TOut[] Run<TIn, TOut>(Func<DataStream<TIn>, DataStream<TOut>> define, params TIn[] records)
    {
        using OneInputHarness<TIn, TOut> harness = FunctionHarness.Of(define);
        Array.ForEach(records, record => harness.Process(record, timestamp: 0));
        harness.Finish();
        return [.. harness.Results];
    }

    private static string Refused(Func<object> make) => Assert.ThrowsExactly<ArgumentException>(() => make()).Message;

    private sealed class Describing : ProcessFunction<int, string>
    {
        private RuntimeContext _context = null!;

        public override void Open(RuntimeContext context) => _context = context;

        public override void ProcessElement(int value, Context context, ICollector<string> output)
        {
            _context.Counter("seen").Add(1);
            output.Emit(
                $"{_context.Arguments["prefix"]}{value} at {_context.SubtaskIndex} of {_context.Parallelism} of " +
                $"{_context.MaxParallelism}");
        }
    }
}
