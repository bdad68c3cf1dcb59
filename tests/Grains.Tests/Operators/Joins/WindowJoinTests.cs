using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.Joins;
using Millrace.Joins.Windows;
using Millrace.Operators.Windows;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators.Joins;

/// <summary>Joins by key and window: against the pairs in the windows of a model, saved and rescaled.</summary>
[TestClass]
public sealed class WindowJoinTests
{
    private static readonly ReplaySettings Hundreds = new() { Size = 100, Slide = 100 };

    private static readonly (string Name, Define Define, ReplaySettings Settings)[] Cases =
    [
        ("tumbling", keys => keys.Window(TumblingEventTimeWindows.Of(Ms(100))), Hundreds),
        ("sliding", keys => keys.Window(SlidingEventTimeWindows.Of(Ms(150), Ms(60))), new() { Size = 150, Slide = 60 }),
        ("sessions", keys => keys.Window(EventTimeSessionWindows.WithGap(Ms(60))), new() { Gap = 60 }),
        ("late", keys => keys.Window(TumblingEventTimeWindows.Of(Ms(100))).AllowedLateness(Ms(70)),
            Hundreds with { Lateness = 70 }),
        ("by count", keys => keys.Window(TumblingEventTimeWindows.Of(Ms(100)))
            .Trigger(PurgingTrigger.Of(CountTrigger.Of(3))), Hundreds with { Count = 3, Purges = true }),
        ("last four", keys => keys.Window(TumblingEventTimeWindows.Of(Ms(100))).Evictor(CountEvictor.Of(4)),
            Hundreds with { Keep = clicks => [.. clicks.TakeLast(4)] }),
    ];

    private delegate WindowJoin<Click, Click, string, TimeWindow> Define(JoinedByKey<Click, Click, string> keys);

    public static IEnumerable<object[]> AllCases =>
        Enumerable.Range(0, Cases.Length).Select(one => new object[] { one, Cases[one].Name });

    [TestMethod]
    [DynamicData(nameof(AllCases))]
    public void Pairs_are_those_within_the_windows_of_a_replay(int one, string name)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var replay = new WindowReplay(Cases[one].Settings);
            List<WindowSubtask<JoinSide<Click, Click>, string>> subtasks = Subtasks(one, 1, null);
            List<string> pairs = [];
            int steps = 0;
            foreach ((Click click, long watermark) in Steps(seed))
            {
                replay.Process(click);
                subtasks.Single(subtask => subtask.Owns(Side(click))).Process((Side(click), click.At));
                if (seed > 0 && steps++ % seed == 0)
                {
                    OperatorSnapshot[] snapshots = [.. subtasks.Select(subtask => subtask.Snapshot())];
                    Collect(subtasks, pairs);
                    subtasks = Subtasks(one, (steps % 3) + 1, snapshots);
                }

                replay.Advance(watermark);
                subtasks.ForEach(subtask => subtask.Advance(watermark));
            }

            Collect(subtasks, pairs);
            Assert.IsGreaterThan(10, pairs.Count);
            CollectionAssert.AreEquivalent(
                replay.Results.SelectMany(PairsOf).ToArray(), pairs, $"{name}, seed {seed}");
        }
    }

    // A plain query over all records, where none is late.
    [TestMethod]
    public void Pairs_of_tumbling_windows_are_those_of_a_query()
    {
        (Click Click, long)[] all = [.. Steps(3).Select(step => (step.Click, 0L))];
        using WindowSubtask<JoinSide<Click, Click>, string> run = Subtasks(0, 1, null)[0];
        foreach ((Click click, _) in all)
        {
            run.Process((Side(click), click.At));
        }

        run.Advance(long.MaxValue);
        CollectionAssert.AreEquivalent(
            (from left in all.Select(one => one.Click)
             from right in all.Select(one => one.Click)
             where left.Value % 2 == 0 && right.Value % 2 == 1
                && left.User == right.User && left.At / 100 == right.At / 100
             select $"{left.User} {left.Value} {right.Value}").ToArray(),
            run.Results);
        Assert.IsTrue(run.Timestamps.TrueForAll(time => time % 100 == 99), "the last point of time of the window");
    }

    [TestMethod]
    public void Groups_of_both_streams_come_also_where_one_has_nothing()
    {
        DataStream<string> groups = Stream().CoGroup(Stream())
            .Where(left => left.User).EqualTo(right => right.User)
            .Window(TumblingEventTimeWindows.Of(Ms(100)))
            .Apply((left, right) =>
                (string[])[$"{Text(left)} | {Text(right)}"]);
        using WindowSubtask<JoinSide<Click, Click>, string> run = new(groups);
        foreach (Click click in (Click[])[new("a", 2, 10), new("b", 3, 20), new("a", 5, 30), new("a", 4, 99)])
        {
            run.Process((Side(click), click.At));
        }

        run.Advance(long.MaxValue);
        CollectionAssert.AreEquivalent(new[] { "2 4 | 5", " | 3" }, run.Results);
    }

    [TestMethod]
    public void Functions_of_pairs_are_opened_and_give_any_number_of_results()
    {
        var function = new Twice();
        WindowSubtask<JoinSide<Click, Click>, long> run = new(
            Joined().Window(TumblingEventTimeWindows.Of(Ms(100))).Apply(function));
        Assert.IsTrue(function.IsOpen);
        run.Process((Side(new Click("a", 2, 10)), 10));
        run.Process((Side(new Click("a", 3, 20)), 20));
        run.Advance(long.MaxValue);
        Assert.IsTrue(run.Results.SequenceEqual([2L, 3L]));
        run.Dispose();
        Assert.IsFalse(function.IsOpen);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static DataStream<Click> Stream() => new StreamExecutionEnvironment().FromElements<Click>()
        .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<Click>()
            .WithTimestampAssigner(click => click.At));

    private static JoinedByKey<Click, Click, string> Joined() =>
        Stream().Join(Stream()).Where(left => left.User).EqualTo(right => right.User);

    // Even values come from the first stream, odd ones from the second.
    private static JoinSide<Click, Click> Side(Click click) =>
        click.Value % 2 == 0 ? new(IsRight: false, click, default) : new(IsRight: true, default, click);

    private static IEnumerable<(Click Click, long Watermark)> Steps(int seed)
    {
        Click[] clicks = WindowModel.Clicks(150, seed, disorder: 120);
        long latest = 0;
        for (int i = 0; i < clicks.Length; i++)
        {
            latest = Math.Max(latest, clicks[i].At);
            yield return (clicks[i], i == clicks.Length - 1 ? long.MaxValue : latest - 30);
        }
    }

    private static IEnumerable<string> PairsOf(Fired fired)
    {
        long[] values = [.. fired.Values.Split(' ').Select(long.Parse)];
        return
            from left in values
            from right in values
            where left % 2 == 0 && right % 2 == 1
            select $"{fired.User} {left} {right}";
    }

    private static string Text(IEnumerable<Click> clicks) => string.Join(' ', clicks.Select(click => click.Value));

    private static List<WindowSubtask<JoinSide<Click, Click>, string>> Subtasks(
        int one, int parallelism, IReadOnlyList<OperatorSnapshot>? snapshots) =>
    [
        .. Enumerable.Range(0, parallelism).Select(subtask => new WindowSubtask<JoinSide<Click, Click>, string>(
            Cases[one].Define(Joined()).Apply((left, right) => $"{left.User} {left.Value} {right.Value}"),
            KeyGroupAssignment.RangeOf(WindowRun<string>.KeyGroups, parallelism, subtask),
            snapshots,
            asked => asked % 3 == 1)),
    ];

    private static void Collect(List<WindowSubtask<JoinSide<Click, Click>, string>> subtasks, List<string> pairs)
    {
        foreach (WindowSubtask<JoinSide<Click, Click>, string> subtask in subtasks)
        {
            pairs.AddRange(subtask.Results);
            subtask.Dispose();
        }
    }

    private sealed class Twice : IFlatJoinFunction<Click, Click, long>, IRichFunction
    {
        public bool IsOpen { get; private set; }

        public void Open(RuntimeContext context) => IsOpen = true;

        public void Close() => IsOpen = false;

        public void Join(Click left, Click right, ICollector<long> output)
        {
            output.Emit(left.Value);
            output.Emit(right.Value);
        }
    }
}
