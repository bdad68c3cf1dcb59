using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Measuring;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>Filter, map, sum over 32-byte structs on one core, against loops written by hand.</summary>
internal static class ChainContests
{
    private const int Records = 1_000_000;
    private const int Times = 50;

    private static readonly Event[] Input = Event.Many(Records, 100_000);
    /// <summary>The filter of the contests: three records of four.</summary>
    public static readonly Func<Event, bool> Keep = record => (record.Value & 3) != 0;
    /// <summary>The map of the contests.</summary>
    public static readonly Func<Event, Event> Double = record => record with { Value = record.Value * 2 };

    private static readonly long Expected = Input.Where(Keep).Sum(record => Double(record).Value);

    public static IEnumerable<Benchmark> All() =>
    [
        new Contest("chain-delegates", "records", 0.8, () => WithDelegates(Times), HandWithDelegates),
        new Contest("chain-structs", "records", 0.4, () => WithStructs(Times), HandInlined),
    ];

    /// <summary>Reads the million records so many times.</summary>
    public static Sample WithDelegates(int times) => Run(stream => stream.Filter(Keep).Map(Double), times);

    /// <summary>Reads the million records so many times.</summary>
    public static Sample WithStructs(int times) =>
        Run(stream => stream.Filter<KeepFunction>(default).Map<DoubleFunction, Event>(default), times);

    private static Sample Run(Func<DataStream<Event>, DataStream<Event>> steps, int times)
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of((double)Records * times, () => local.Run(env =>
            steps(env.FromSource(new ArraySource<Event>(Input, times))).SinkTo(new SumSink<Event, ValueOf>(total))));
        return Total.Check(sample, total.Value, times * Expected);
    }

    private static Sample HandWithDelegates()
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Records * Times, () =>
        {
            for (int round = 0; round < Times; round++)
            {
                foreach (Event record in Input)
                {
                    if (Keep(record))
                    {
                        sum += Double(record).Value;
                    }
                }
            }
        });
        return Total.Check(sample, sum, Times * Expected);
    }

    private static Sample HandInlined()
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Records * Times, () => sum = InlinedLoop());
        return Total.Check(sample, sum, Times * Expected);
    }

    private static long InlinedLoop()
    {
        long sum = 0;
        for (int round = 0; round < Times; round++)
        {
            foreach (ref readonly Event record in Input.AsSpan())
            {
                if ((record.Value & 3) != 0)
                {
                    sum += record.Value * 2;
                }
            }
        }

        return sum;
    }

    private readonly struct KeepFunction : IFilterFunction<Event>
    {
        public bool Filter(Event value) => (value.Value & 3) != 0;
    }

    private readonly struct DoubleFunction : IMapFunction<Event, Event>
    {
        public Event Map(Event value) => value with { Value = value.Value * 2 };
    }

    private readonly struct ValueOf : INumberOf<Event>
    {
        public long Of(in Event record) => record.Value;
    }
}
