using Millrace.EventTime;
using Millrace.Graph;
using Millrace.Measuring;
using Millrace.Running;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Contests;

/// <summary>A count for each key and window on one core: 10,000 keys, 10,000 events a second of event time, against
/// loops written by hand.</summary>
internal static class WindowContests
{
    private const int Records = 1_000_000;
    private const int Keys = 10_000;
    private const int PerMillisecond = 10;
    private const int Size = 10_000;
    private const int Slide = 100;
    private const int TumblingTimes = 30;
    private const int SlidingTimes = 24;

    private static readonly Event[] Input = Event.Many(Records, Keys);

    public static IEnumerable<Benchmark> All() =>
    [
        new Contest("window-tumbling", "records", 0.3, Tumbling, TumblingByHand),
        new Contest("window-sliding", "records", 0.3, Sliding, SlidingByHand),
    ];

    /// <summary>One run of tumbling windows.</summary>
    public static Sample Tumbling() =>
        Run(TumblingEventTimeWindows.Of(Ms(Size)), TumblingTimes, TumblingTimes * (long)Records);

    /// <summary>One run of sliding windows.</summary>
    public static Sample Sliding() => Run(
        SlidingEventTimeWindows.Of(Ms(Size), Ms(Slide)),
        SlidingTimes,
        SlidingTimes * (long)Records * (Size / Slide));

    private static Sample Run(WindowAssigner<TimeWindow> windows, int times, long expected)
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of((double)Records * times, () => local.Run(env => env
            .SetRuntimeMode(RuntimeMode.Streaming)
            .SetAutoWatermarkInterval(TimeSpan.Zero)
            .FromSource(
                new TimedArraySource<Event>(Input, times, PerMillisecond),
                WatermarkStrategy.ForMonotonousTimestamps<Event>())
            .KeyBy(record => record.Key)
            .Window(windows)
            .Count()
            .SinkTo(new SumSink<Windowed<long, TimeWindow, long>, ValueOf>(total))));
        return Total.Check(sample, total.Value, expected);
    }

    private static Sample TumblingByHand()
    {
        long total = 0;
        var table = new CountTable(Keys);
        Sample sample = Sample.Of((double)Records * TumblingTimes, () =>
        {
            long read = 0;
            long end = Size;
            for (int round = 0; round < TumblingTimes; round++)
            {
                foreach (ref readonly Event record in Input.AsSpan())
                {
                    if (read++ / PerMillisecond >= end)
                    {
                        total += SumOf(table);
                        table.Clear();
                        end += Size;
                    }

                    table.Add(record.Key, 1);
                }
            }

            total += SumOf(table);
        });
        return Total.Check(sample, total, TumblingTimes * (long)Records);
    }

    // One table for each pane of time, and one of what all panes of the window come to.
    private static Sample SlidingByHand()
    {
        long total = 0;
        Sample sample = Sample.Of((double)Records * SlidingTimes, () =>
        {
            var totals = new CountTable(Keys);
            CountTable[] panes =
                [.. Enumerable.Range(0, Size / Slide).Select(_ => new CountTable(Slide * PerMillisecond))];
            int pane = 0;
            long read = 0;
            long end = Slide;
            for (int round = 0; round < SlidingTimes; round++)
            {
                foreach (ref readonly Event record in Input.AsSpan())
                {
                    if (read++ / PerMillisecond >= end)
                    {
                        total += Turn(totals, panes, ref pane);
                        end += Slide;
                    }

                    panes[pane].Add(record.Key, 1);
                }
            }

            for (int i = 0; i < panes.Length; i++)
            {
                total += Turn(totals, panes, ref pane);
            }
        });
        return Total.Check(sample, total, SlidingTimes * (long)Records * (Size / Slide));
    }

    // A pane is over: the window that ends with it fires, and the pane behind it is the oldest one's.
    private static long Turn(CountTable totals, CountTable[] panes, ref int pane)
    {
        foreach ((long key, long count) in panes[pane].Entries)
        {
            totals.Add(key, count);
        }

        long fired = SumOf(totals);
        pane = (pane + 1) % panes.Length;
        foreach ((long key, long count) in panes[pane].Entries)
        {
            totals.Add(key, -count);
        }

        panes[pane].Clear();
        return fired;
    }

    private static long SumOf(CountTable table)
    {
        long sum = 0;
        foreach ((_, long count) in table.Entries)
        {
            sum += count;
        }

        return sum;
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private readonly struct ValueOf : INumberOf<Windowed<long, TimeWindow, long>>
    {
        public long Of(in Windowed<long, TimeWindow, long> record) => record.Value;
    }
}
