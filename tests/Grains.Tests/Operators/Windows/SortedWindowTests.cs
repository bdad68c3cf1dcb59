using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Windows;

/// <summary>Windows over input that comes key by key, as in batch mode.</summary>
[TestClass]
public sealed class SortedWindowTests
{
    private const int Users = 200;
    private const int ClicksOfEach = 40;

    private static readonly (string Name, WindowAssigner<TimeWindow> Assigner)[] Cuts =
    [
        ("tumbling", TumblingEventTimeWindows.Of(TimeSpan.FromMilliseconds(30))),
        ("sliding", SlidingEventTimeWindows.Of(TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(20))),
        ("sessions", EventTimeSessionWindows.WithGap(TimeSpan.FromMilliseconds(4))),
    ];

    private delegate int StateBytes();

    public static IEnumerable<object[]> AllCuts => Enumerable.Range(0, Cuts.Length).Select(cut => new object[] { cut });

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void The_state_of_one_key_is_held_at_a_time(int cut)
    {
        (_, int ofOne, int empty) = Run(cut, users: 1);
        (List<Windowed<string, TimeWindow, long>> rows, int ofAll, _) = Run(cut, Users);

        Assert.IsGreaterThan(empty, ofOne, "the test looks while there is state");
        Assert.IsLessThanOrEqualTo(ofOne, ofAll, $"{Cuts[cut].Name}: bytes of state, at most");
        Assert.AreEqual(Users * ClicksOfEach * (Cuts[cut].Name == "sliding" ? 3 : 1), rows.Sum(row => row.Value));
    }

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void Each_key_has_the_time_to_itself(int cut)
    {
        (List<Windowed<string, TimeWindow, long>> rows, _, _) = Run(cut, Users);

        Assert.HasCount(Users, rows.Select(row => row.Key).Distinct().ToArray());
        string[] keys = [.. rows.Select(row => row.Key)];
        Assert.HasCount(
            Users - 1, keys.Skip(1).Where((key, i) => key != keys[i]).ToArray(), "rows of a key come together");
        foreach (IGrouping<string, Windowed<string, TimeWindow, long>> key in rows.GroupBy(row => row.Key))
        {
            long[] ends = [.. key.Select(row => row.Window.End)];
            CollectionAssert.AreEqual(ends.Order().ToArray(), ends, "windows fire in the order of time");
        }
    }

    [TestMethod]
    public void Windows_by_the_clock_are_not_sorted()
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(
            Keyed().Window(TumblingProcessingTimeWindows.Of(TimeSpan.FromMilliseconds(100))).Count());

        Assert.IsFalse(run.TryTakeByKey());
    }

    // State is looked at whenever the operator asks whether there is room for a result: while it holds a key.
    private static (List<Windowed<string, TimeWindow, long>> Rows, int MostBytes, int EmptyBytes) Run(
        int cut, int users)
    {
        int most = 0;
        StateBytes bytes = () => 0;
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(
            Keyed().Window(Cuts[cut].Assigner).Count(),
            available: _ =>
            {
                most = Math.Max(most, bytes());
                return true;
            },
            sorts: true);
        int empty = run.Snapshot().Keyed.Length;
        bytes = () => run.Snapshot().Keyed.Length;
        var random = new Random(users);
        Click[] clicks =
        [
            .. from user in Enumerable.Range(0, users)
               from i in Enumerable.Range(0, ClicksOfEach)
               select new Click($"user {user:d4}", i, 1_000 + (i * 5)),
        ];
        random.Shuffle(clicks);
        foreach (Click[] chunk in clicks.Chunk(50))
        {
            run.Process(chunk);
        }

        run.Advance(long.MaxValue);
        run.Finish();
        Assert.AreEqual(empty, run.Snapshot().Keyed.Length, "nothing is left");
        return (run.Results, most, empty);
    }

    private static KeyedStream<Click, string> Keyed() => new StreamExecutionEnvironment().FromElements<Click>()
        .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<Click>()
            .WithTimestampAssigner(click => click.At))
        .KeyBy(click => click.User);
}
