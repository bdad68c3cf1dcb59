using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Windows;

/// <summary>Windows that become one, record by record.</summary>
[TestClass]
public sealed class MergingWindowsTests
{
    private const int Records = 64;

    // One small object, and a share of what a call takes; a list, a map or a walk through one is hundreds of bytes.
    private const long MostBytesOfRecord = 48;

    [TestMethod]
    public void A_session_that_grows_makes_no_list_and_no_map_for_a_record()
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = Sessions();
        for (int warmUp = 0; warmUp < 20; warmUp++)
        {
            run.Process(Clicks(warmUp * Records));
        }

        long allocated = 0;
        const int calls = 20;
        for (int call = 20; call < 20 + calls; call++)
        {
            (Click Record, long Time)[] clicks = Clicks(call * Records);
            long before = GC.GetAllocatedBytesForCurrentThread();
            run.Process(clicks);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.IsLessThan(MostBytesOfRecord * Records * calls, allocated);
        run.Advance(long.MaxValue);
        Windowed<string, TimeWindow, long> session = run.Results.Single();
        Assert.AreEqual(40L * Records, session.Value);
    }

    // The window in the middle touches both: contents move to where those of the earliest one are.
    [TestMethod]
    public void A_record_between_two_sessions_makes_one_of_them()
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = Sessions();
        run.Process(new Click("a", 0, 1_000), new Click("a", 0, 1_016), new Click("a", 0, 1_040));
        run.Process(new Click("a", 0, 1_008));
        run.Advance(long.MaxValue);

        CollectionAssert.AreEqual(
            new[]
            {
                new Windowed<string, TimeWindow, long>("a", new TimeWindow(1_000, 1_026), 3),
                new Windowed<string, TimeWindow, long>("a", new TimeWindow(1_040, 1_050), 1),
            },
            run.Results);
    }

    private static (Click Record, long Time)[] Clicks(long begin) =>
        [.. Enumerable.Range(0, Records).Select(i => (new Click("a", i, begin + i), begin + i))];

    // With lateness windows stand alone.
    private static WindowRun<Windowed<string, TimeWindow, long>> Sessions() => new(
        new StreamExecutionEnvironment().FromElements<Click>()
            .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<Click>()
                .WithTimestampAssigner(click => click.At))
            .KeyBy(click => click.User)
            .Window(EventTimeSessionWindows.WithGap(TimeSpan.FromMilliseconds(10)))
            .AllowedLateness(TimeSpan.FromMilliseconds(5)).Count());
}
