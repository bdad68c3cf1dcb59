using Millrace.DataStream;
using Millrace.DataStream.Windows;
using Millrace.EventTime;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators.Windows;

/// <summary>Windows with triggers, evictors and lateness, against a plain replay of what comes.</summary>
[TestClass]
public sealed class WindowOperatorTests
{
    private const int Lag = 30;

    private static readonly OutputTag<Click> Late = new("late");

    private static readonly WindowAssigner<TimeWindow> Tumbling = TumblingEventTimeWindows.Of(Ms(100));
    private static readonly WindowAssigner<TimeWindow> Sliding = SlidingEventTimeWindows.Of(Ms(150), Ms(60));
    private static readonly WindowAssigner<TimeWindow> Sessions = EventTimeSessionWindows.WithGap(Ms(60));

    private static readonly ReplaySettings Hundreds = new() { Size = 100, Slide = 100 };
    private static readonly ReplaySettings Overlapping = new() { Size = 150, Slide = 60 };
    private static readonly ReplaySettings Gaps = new() { Gap = 60 };

    private static readonly (string Name, Define Define, ReplaySettings Settings)[] Cases =
    [
        ("tumbling", clicks => clicks.Window(Tumbling), Hundreds),
        ("sliding", clicks => clicks.Window(Sliding), Overlapping),
        ("sessions", clicks => clicks.Window(Sessions), Gaps),
        ("tumbling, late", clicks => clicks.Window(Tumbling).AllowedLateness(Ms(70)), Hundreds with { Lateness = 70 }),
        ("sliding, late", clicks => clicks.Window(Sliding).AllowedLateness(Ms(70)), Overlapping with { Lateness = 70 }),
        ("sessions, late", clicks => clicks.Window(Sessions).AllowedLateness(Ms(70)), Gaps with { Lateness = 70 }),
        ("late, purging", clicks => clicks.Window(Tumbling).AllowedLateness(Ms(70))
            .Trigger(PurgingTrigger.Of(EventTimeTrigger.Create())), Hundreds with { Lateness = 70, Purges = true }),
        ("sessions, late, purging", clicks => clicks.Window(Sessions).AllowedLateness(Ms(70))
            .Trigger(PurgingTrigger.Of(EventTimeTrigger.Create())), Gaps with { Lateness = 70, Purges = true }),
        ("tumbling by count", clicks => clicks.Window(Tumbling).Trigger(CountTrigger.Of(3)),
            Hundreds with { Count = 3 }),
        ("sliding by count, purging", clicks => clicks.Window(Sliding)
            .Trigger(PurgingTrigger.Of(CountTrigger.Of(2))), Overlapping with { Count = 2, Purges = true }),
        ("sessions by count", clicks => clicks.Window(Sessions).Trigger(CountTrigger.Of(4)), Gaps with { Count = 4 }),
        ("early", clicks => clicks.Window(Tumbling).Trigger(ContinuousEventTimeTrigger.Of(Ms(30))),
            Hundreds with { Interval = 30 }),
        ("early, late", clicks => clicks.Window(Sliding).Trigger(ContinuousEventTimeTrigger.Of(Ms(50)))
            .AllowedLateness(Ms(70)), Overlapping with { Interval = 50, Lateness = 70 }),
        ("sessions, early", clicks => clicks.Window(Sessions).Trigger(ContinuousEventTimeTrigger.Of(Ms(25))),
            Gaps with { Interval = 25 }),
        ("last two", clicks => clicks.Window(Tumbling).Evictor(CountEvictor.Of(2)).AllowedLateness(Ms(70)),
            Hundreds with { Lateness = 70, Keep = clicks => [.. clicks.TakeLast(2)] }),
        ("latest", clicks => clicks.Window(Sessions).Evictor(TimeEvictor.Of(Ms(40))),
            Gaps with { Keep = clicks => [.. clicks.Where(click => click.At > clicks.Max(other => other.At) - 40)] }),
        ("nearest, after", clicks => clicks.Window(Sliding).Trigger(CountTrigger.Of(2))
            .Evictor(new DeltaEvictor<Click>(30, (left, right) => Math.Abs(left.Value - right.Value), true)),
            Overlapping with
            {
                Count = 2,
                KeepsAfter = true,
                Keep = clicks => [.. clicks.Where(click => Math.Abs(click.Value - clicks[^1].Value) < 30)],
            }),
    ];

    private delegate WindowedStream<Click, string, TimeWindow> Define(KeyedStream<Click, string> clicks);

    public static IEnumerable<object[]> AllCases =>
        Enumerable.Range(0, Cases.Length).Select(one => new object[] { one, Cases[one].Name });

    [TestMethod]
    [DynamicData(nameof(AllCases))]
    public void Results_and_late_records_of_each_step_are_those_of_a_replay(int one, string name)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            var replay = new WindowReplay(Cases[one].Settings);
            using WindowRun<Fired> run = new(Of(one), available: asked => asked % 2 == 1);
            foreach ((Click click, long watermark) in Steps(seed, 300))
            {
                replay.Process(click);
                run.Process(click);
                CollectionAssert.AreEquivalent(replay.Results, run.Results, $"{name}, seed {seed}, after {click}");
                replay.Advance(watermark);
                run.Advance(watermark);
                CollectionAssert.AreEquivalent(replay.Results, run.Results, $"{name}, seed {seed}, at {watermark}");
            }

            run.Finish();
            Assert.AreEqual(0, replay.Kept);
            CollectionAssert.AreEqual(replay.Late, run.Late, name);
            CollectionAssert.AreEqual(
                run.Results.Select(result => result.Window.MaxTimestamp).ToArray(), run.Timestamps);
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllCases))]
    public void Snapshots_after_each_record_and_rescaling_change_nothing(int one, string name)
    {
        for (int every = 1; every <= 3; every++)
        {
            var replay = new WindowReplay(Cases[one].Settings);
            List<WindowRun<Fired>> subtasks = Subtasks(one, 1, null);
            List<Fired> results = [];
            List<Click> late = [];
            int restarts = 0;
            foreach ((Click click, long watermark) in Steps(every, 150))
            {
                replay.Process(click);
                subtasks.Single(subtask => subtask.Owns(click)).Process(click);
                if (restarts++ % every == 0)
                {
                    // In the middle of what is due, where there is room for one result at a time.
                    subtasks.ForEach(subtask => subtask.TryAdvance(watermark));
                    OperatorSnapshot[] snapshots = [.. subtasks.Select(subtask => subtask.Snapshot())];
                    Collect(subtasks, results, late);
                    subtasks = Subtasks(one, (restarts / every % 3) + 1, snapshots);
                }

                replay.Advance(watermark);
                subtasks.ForEach(subtask => subtask.Advance(watermark));
            }

            subtasks.ForEach(subtask => subtask.Finish());
            Collect(subtasks, results, late);
            CollectionAssert.AreEquivalent(replay.Results, results, name);
            CollectionAssert.AreEquivalent(replay.Late, late, name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllCases))]
    public void Windows_that_are_over_leave_nothing_behind(int one, string name)
    {
        using WindowRun<Fired> run = new(Of(one));
        int empty = run.Snapshot().Keyed.Length;
        run.Process(WindowModel.Clicks(60, 3));
        Assert.IsGreaterThan(empty, run.Snapshot().Keyed.Length, name);

        run.Advance(1_000_000);
        using WindowRun<Fired> fresh = new(Of(one), restored: [run.Snapshot()]);
        Assert.AreEqual(run.Snapshot().Keyed.Length, fresh.Snapshot().Keyed.Length);
        run.Process(WindowModel.Clicks(60, 3));
        Assert.AreEqual(fresh.Snapshot().Keyed.Length, run.Snapshot().Keyed.Length, "late records leave nothing");
        Assert.HasCount(60, run.Late);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    internal static DataStream<Fired> Of(int one)
    {
        KeyedStream<Click, string> clicks = new StreamExecutionEnvironment().FromElements<Click>()
            .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<Click>()
            .WithTimestampAssigner(click => click.At))
            .KeyBy(click => click.User);
        return Cases[one].Define(clicks).SideOutputLateData(Late).Apply((user, window, records) =>
            (Fired[])[new Fired(user, window, string.Join(' ', records.Select(record => record.Value)))]);
    }

    // Clicks of which some come behind the watermark, by more than any lateness here, and the watermark after each.
    internal static IEnumerable<(Click Click, long Watermark)> Steps(int seed, int count)
    {
        Click[] clicks = WindowModel.Clicks(count, seed, disorder: 250);
        long latest = 0;
        for (int i = 0; i < clicks.Length; i++)
        {
            latest = Math.Max(latest, clicks[i].At);
            yield return (clicks[i], i == clicks.Length - 1 ? long.MaxValue : latest - Lag);
        }
    }

    private static List<WindowRun<Fired>> Subtasks(
        int one, int parallelism, IReadOnlyList<OperatorSnapshot>? snapshots) =>
    [
        .. Enumerable.Range(0, parallelism).Select(subtask => new WindowRun<Fired>(
            Of(one),
            KeyGroupAssignment.RangeOf(WindowRun<string>.KeyGroups, parallelism, subtask),
            snapshots,
            asked => asked % 3 == 1)),
    ];

    private static void Collect(List<WindowRun<Fired>> subtasks, List<Fired> results, List<Click> late)
    {
        foreach (WindowRun<Fired> subtask in subtasks)
        {
            results.AddRange(subtask.Results);
            late.AddRange(subtask.Late);
            subtask.Dispose();
        }
    }
}
