using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Windows;

/// <summary>Windows over a key space that stays the same: what is over is freed, however long it goes on.</summary>
[TestClass]
public sealed class WindowGrowthTests
{
    private const int Users = 20;
    private const int Windows = 500;
    private const int Size = 100;

    // Sessions of all users are over when the window after theirs begins.
    private static readonly (WindowAssigner<TimeWindow> Assigner, int Most)[] Cuts =
    [
        (TumblingEventTimeWindows.Of(Ms(Size)), Users),
        (SlidingEventTimeWindows.Of(Ms(5 * Size), Ms(Size)), 5 * Users),
        (SlidingEventTimeWindows.Of(Ms(Size), Ms(20)), 5 * Users),
        (EventTimeSessionWindows.WithGap(Ms(40)), Users),
    ];

    public static IEnumerable<object[]> AllCuts => Enumerable.Range(0, Cuts.Length).Select(cut => new object[] { cut });

    [TestMethod]
    [DynamicData(nameof(AllCuts))]
    public void As_much_is_kept_after_many_windows_as_after_few(int cut)
    {
        using var run = new WindowRun<Windowed<string, TimeWindow, long>>(CountsBy(Cuts[cut].Assigner));
        for (int window = 0; window < Windows; window++)
        {
            long start = (long)window * Size;
            for (int user = 0; user < Users; user++)
            {
                run.Process(
                    new Click($"user {user}", 1, start + user),
                    new Click($"user {user}", 1, start + user + 30));
            }

            Assert.IsLessThanOrEqualTo(Cuts[cut].Most, run.Entries, $"before window {window} is over");
            run.Advance(start + Size - 1);
            Assert.IsLessThanOrEqualTo(Cuts[cut].Most, run.Entries, $"after window {window}");
        }

        run.Advance((Windows + 5) * Size);

        Assert.AreEqual(0, run.Entries, "All windows are over.");
        Assert.IsGreaterThanOrEqualTo(Windows * Users, run.Results.Count);
    }

    // Each session is found by nobody else: its place is used again by a user who was never seen before.
    [TestMethod]
    public void Keys_that_never_come_again_leave_nothing()
    {
        using var run = new WindowRun<Windowed<string, TimeWindow, long>>(CountsBy(Cuts[^1].Assigner));
        for (int user = 0; user < 5_000; user++)
        {
            run.Process(new Click($"user {user}", 1, user));
            run.Advance(user - 1);
            Assert.IsLessThanOrEqualTo(50, run.Entries, $"after user {user}");
        }
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static DataStream<Windowed<string, TimeWindow, long>> CountsBy(WindowAssigner<TimeWindow> assigner) =>
        new StreamExecutionEnvironment()
            .FromElements<Click>()
            .AssignTimestampsAndWatermarks(
                WatermarkStrategy.ForMonotonousTimestamps<Click>().WithTimestampAssigner(click => click.At))
            .KeyBy(click => click.User)
            .Window(assigner)
            .Count();
}
