using Millrace.DataStream;
using Millrace.DataStream.Windows;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Windows;

/// <summary>Windows that fold their records and fire once, against models over all records.</summary>
[TestClass]
public sealed class FoldedWindowTests
{
    private static readonly OutputTag<Click> Late = new("late");

    /// <summary>How windows are cut, and what the model says of them.</summary>
    private static readonly (string Name, WindowAssigner<TimeWindow> Assigner, Model Model)[] Cuts =
    [
        ("tumbling", TumblingEventTimeWindows.Of(Ms(100)), clicks => WindowModel.Sliding(clicks, 100, 100)),
        ("offset", TumblingEventTimeWindows.Of(Ms(100), Ms(-30)), clicks => WindowModel.Sliding(clicks, 100, 100, -30)),
        ("sliding", SlidingEventTimeWindows.Of(Ms(200), Ms(50)), clicks => WindowModel.Sliding(clicks, 200, 50)),
        ("uneven", SlidingEventTimeWindows.Of(Ms(150), Ms(60), Ms(7)),
            clicks => WindowModel.Sliding(clicks, 150, 60, 7)),
        ("sessions", EventTimeSessionWindows.WithGap(Ms(60)), clicks => WindowModel.Sessions(clicks, 60)),
    ];

    private delegate IEnumerable<(string User, TimeWindow Window, long[] Values)> Model(IEnumerable<Click> clicks);

    public static IEnumerable<object[]> AllCuts => Enumerable.Range(0, Cuts.Length).Select(cut => new object[] { cut });

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void Counts_are_those_of_the_model(int cut)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            Click[] clicks = WindowModel.Clicks(400, seed);
            Verify(cut, windows => windows.Count(), clicks, values => values.Length);
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void Folds_of_all_kinds_are_those_of_the_model(int cut)
    {
        Click[] clicks = WindowModel.Clicks(400, 77);
        Verify(cut, windows => windows.Sum(click => click.Value), clicks, values => values.Sum());
        Verify(cut, windows => windows.Max(click => click.Value), clicks, values => values.Max());
        Verify(cut, windows => windows.Min(click => click.Value), clicks, values => values.Min());
        Verify(
            cut,
            windows => windows.Reduce(
                (left, right) => left with { Value = left.Value + right.Value },
                (user, window, click) => new Windowed<string, TimeWindow, long>(user, window, click.Value)),
            clicks,
            values => values.Sum());
        Verify(
            cut,
            windows => windows.Aggregate(
                new ListOfValues(),
                (user, window, text) => new Windowed<string, TimeWindow, string>(user, window, text)),
            clicks,
            values => string.Join(' ', values));
    }

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void Snapshots_between_any_two_units_and_rescaling_change_nothing(int cut)
    {
        Click[] clicks = WindowModel.Clicks(200, 5);
        for (int every = 1; every <= 3; every++)
        {
            List<WindowRun<Windowed<string, TimeWindow, string>>> subtasks = Subtasks(cut, 1, null);
            List<Windowed<string, TimeWindow, string>> results = [];
            for (int i = 0; i < clicks.Length; i++)
            {
                subtasks.Single(subtask => subtask.Owns(clicks[i])).Process(clicks[i]);
                long watermark = clicks.Skip(i + 1).Select(click => click.At).Append(long.MaxValue).Min() - Before(cut);
                if (i % every == 0)
                {
                    // In the middle of what is due, where there is room for one result at a time.
                    subtasks.ForEach(subtask => subtask.TryAdvance(watermark));
                    OperatorSnapshot[] snapshots = [.. subtasks.Select(subtask => subtask.Snapshot())];
                    Collect(subtasks, results);
                    subtasks = Subtasks(cut, (i / every % 3) + 1, snapshots);
                }

                subtasks.ForEach(subtask => subtask.Advance(watermark));
            }

            subtasks.ForEach(subtask => subtask.Finish());
            Collect(subtasks, results);
            CollectionAssert.AreEquivalent(
                Expected(cut, clicks, values => string.Join(' ', values)), results);
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void Windows_that_are_over_leave_nothing_behind(int cut)
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(Of(cut).Count());
        int empty = run.Snapshot().Keyed.Length;
        run.Process(WindowModel.Clicks(60, 3));
        Assert.IsGreaterThan(empty, run.Snapshot().Keyed.Length);

        run.Advance(1_000_000);
        Assert.AreEqual(empty, run.Snapshot().Keyed.Length);
    }

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void Records_that_are_too_late_for_all_their_windows_go_to_the_side_output(int cut)
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(Of(cut).SideOutputLateData(Late).Count());
        run.Process(new Click("a", 1, 1_000));
        run.Advance(5_000);
        int before = run.Results.Count;
        run.Process(new Click("a", 2, 1_000), new Click("b", 3, 4_500), new Click("b", 4, 5_001));
        run.Advance(long.MaxValue);

        CollectionAssert.AreEqual(new[] { 2L, 3L }, run.Late.Select(click => click.Value).ToArray());
        Assert.IsTrue(run.Results.Skip(before).All(result => result.Key == "b" && result.Value == 1));
    }

    // Of a sliding window, a record may miss the first ones and be in time for the last.
    [TestMethod]
    public void A_record_counts_in_those_of_its_windows_that_have_not_fired()
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(
            Keyed().Window(SlidingEventTimeWindows.Of(Ms(100), Ms(50))).SideOutputLateData(Late).Count());
        run.Process(new Click("a", 1, 1_010));
        run.Advance(1_060);
        run.Process(new Click("a", 2, 1_020));
        run.Process(new Click("c", 2, 1_020));
        run.Advance(long.MaxValue);

        CollectionAssert.AreEquivalent(
            new Windowed<string, TimeWindow, long>[]
            {
                new("a", new TimeWindow(950, 1_050), 1),
                new("a", new TimeWindow(1_000, 1_100), 2),
                new("c", new TimeWindow(1_000, 1_100), 1),
            },
            run.Results);
        Assert.HasCount(0, run.Late);
    }

    // Also where the slices they come into are part of a running total.
    [TestMethod]
    public void Late_records_count_in_all_later_windows_whatever_the_fold()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            var replay = new WindowReplay(new ReplaySettings { Size = 200, Slide = 50 });
            using WindowRun<Windowed<string, TimeWindow, long>> greatest = new(Of(2).Max(click => click.Value));
            using WindowRun<Windowed<string, TimeWindow, long>> sums = new(Of(2).Sum(click => click.Value));
            using WindowRun<Windowed<string, TimeWindow, string>> texts = new(Of(2).Aggregate(
                new ListOfValues(),
                (user, window, text) => new Windowed<string, TimeWindow, string>(user, window, text)));
            long latest = 0;
            foreach (Click click in WindowModel.Clicks(300, seed, disorder: 150))
            {
                latest = Math.Max(latest, click.At);
                replay.Process(click);
                replay.Advance(latest - 30);
                greatest.Process(click);
                greatest.Advance(latest - 30);
                sums.Process(click);
                sums.Advance(latest - 30);
                texts.Process(click);
                texts.Advance(latest - 30);
            }

            CollectionAssert.AreEquivalent(Fold(replay, values => values.Max()), greatest.Results, $"seed {seed}");
            CollectionAssert.AreEquivalent(Fold(replay, values => values.Sum()), sums.Results, $"seed {seed}");
            CollectionAssert.AreEquivalent(
                Fold(replay, values => string.Join(' ', values.Order())), texts.Results, $"seed {seed}");
        }

        static Windowed<string, TimeWindow, T>[] Fold<T>(WindowReplay replay, Func<IEnumerable<long>, T> fold) =>
        [
            .. replay.Results.Select(fired => new Windowed<string, TimeWindow, T>(
                fired.User, fired.Window, fold(fired.Values.Split(' ').Select(long.Parse)))),
        ];
    }

    [TestMethod]
    public void Sessions_that_touch_are_one_and_a_millisecond_more_makes_two()
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(Of(4).Count());
        run.Process(new Click("a", 1, 1_000), new Click("a", 1, 1_060), new Click("b", 1, 1_000));
        run.Process(new Click("b", 1, 1_061), new Click("c", 1, 1_000), new Click("c", 1, 1_110));
        run.Process(new Click("c", 1, 1_055));
        run.Advance(long.MaxValue);

        CollectionAssert.AreEquivalent(
            new Windowed<string, TimeWindow, long>[]
            {
                new("a", new TimeWindow(1_000, 1_120), 2),
                new("b", new TimeWindow(1_000, 1_060), 1),
                new("b", new TimeWindow(1_061, 1_121), 1),
                new("c", new TimeWindow(1_000, 1_170), 3),
            },
            run.Results);
    }

    [TestMethod]
    public void Windows_by_the_clock_fire_when_it_passes_their_end_and_at_the_end_of_the_input()
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(
            Keyed().Window(TumblingProcessingTimeWindows.Of(Ms(100))).Count());
        run.Process(new Click("a", 1, 7), new Click("a", 1, 7));
        run.Loop.Advance(99);
        run.EndRound();
        Assert.HasCount(0, run.Results);

        run.Loop.Advance(1);
        run.EndRound();
        Assert.AreEqual(new("a", new TimeWindow(0, 100), 2), run.Results.Single());

        run.Process(new Click("b", 1, 7));
        run.Finish();
        Assert.AreEqual(new("b", new TimeWindow(100, 200), 1), run.Results[1]);
    }

    // A session that ended with the watermark would have gone on with a record just behind it.
    private static long Before(int cut) => Cuts[cut].Name == "sessions" ? 2 : 1;

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static KeyedStream<Click, string> Keyed() => new StreamExecutionEnvironment().FromElements<Click>()
        .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<Click>()
            .WithTimestampAssigner(click => click.At))
        .KeyBy(click => click.User);

    private static WindowedStream<Click, string, TimeWindow> Of(int cut) => Keyed().Window(Cuts[cut].Assigner);

    private static List<Windowed<string, TimeWindow, TValue>> Expected<TValue>(
        int cut, Click[] clicks, Func<long[], TValue> fold) =>
    [
        .. Cuts[cut].Model(clicks).Select(window =>
            new Windowed<string, TimeWindow, TValue>(window.User, window.Window, fold(window.Values))),
    ];

    // With watermarks as early as they may be, and outputs that refuse.
    private static void Verify<TValue>(
        int cut,
        Func<WindowedStream<Click, string, TimeWindow>, DataStream<Windowed<string, TimeWindow, TValue>>> fold,
        Click[] clicks,
        Func<long[], TValue> expected)
    {
        foreach (int batch in new[] { 1, 7, 64 })
        {
            using WindowRun<Windowed<string, TimeWindow, TValue>> run = new(
                fold(Of(cut)), available: asked => asked % 2 == 1);
            for (int i = 0; i < clicks.Length; i += batch)
            {
                run.Process(clicks.AsSpan(i, Math.Min(batch, clicks.Length - i)));
                run.Advance(clicks.Skip(i + batch).Select(click => click.At).Append(long.MaxValue).Min() - Before(cut));
            }

            run.Finish();
            CollectionAssert.AreEquivalent(Expected(cut, clicks, expected), run.Results, Cuts[cut].Name);
            CollectionAssert.AreEqual(
                run.Results.Select(result => result.Window.MaxTimestamp).ToArray(), run.Timestamps);
            Assert.IsTrue(run.Timestamps.SequenceEqual(run.Timestamps.Order()), "windows fire in order");
        }
    }

    private static List<WindowRun<Windowed<string, TimeWindow, string>>> Subtasks(
        int cut, int parallelism, IReadOnlyList<OperatorSnapshot>? snapshots) =>
    [
        .. Enumerable.Range(0, parallelism).Select(subtask => new WindowRun<Windowed<string, TimeWindow, string>>(
            Of(cut).Aggregate(new ListOfValues(), (user, window, text) =>
                new Windowed<string, TimeWindow, string>(user, window, text)),
            KeyGroupAssignment.RangeOf(WindowRun<string>.KeyGroups, parallelism, subtask),
            snapshots,
            asked => asked % 3 == 1)),
    ];

    private static void Collect<TOut>(List<WindowRun<TOut>> subtasks, List<TOut> results)
    {
        foreach (WindowRun<TOut> subtask in subtasks)
        {
            results.AddRange(subtask.Results);
            subtask.Dispose();
        }
    }

    /// <summary>An accumulator that changes, and tells every record it was given.</summary>
    private sealed class ListOfValues : IAggregateFunction<Click, List<long>, string>
    {
        public List<long> CreateAccumulator() => [];

        public List<long> Add(Click value, List<long> accumulator)
        {
            accumulator.Add(value.Value);
            return accumulator;
        }

        public string GetResult(List<long> accumulator) => string.Join(' ', accumulator.Order());

        public List<long> Merge(List<long> left, List<long> right)
        {
            right.AddRange(left);
            return right;
        }
    }
}
