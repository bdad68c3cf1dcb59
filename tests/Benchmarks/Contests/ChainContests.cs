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
    private static readonly Func<Event, bool> Keep = record => (record.Value & 3) != 0;
    private static readonly Func<Event, Event> Double = record => record with { Value = record.Value * 2 };

    public static IEnumerable<Contest> All() =>
    [
        new("chain-delegates", "records", 0.8, WithDelegates, HandWithDelegates),
        new("chain-structs", "records", 0.4, WithStructs, HandInlined),
    ];

    private static Sample WithDelegates() => Run(stream => stream.Filter(Keep).Map(Double));

    private static Sample WithStructs() =>
        Run(stream => stream.Filter<KeepFunction>(default).Map<DoubleFunction, Event>(default));

    private static Sample Run(Func<DataStream<Event>, DataStream<Event>> steps)
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of((double)Records * Times, () => local.Run(env =>
            steps(env.FromSource(new ArraySource<Event>(Input, Times))).SinkTo(new SumSink<Event, ValueOf>(total))));
        return Checked(sample, total.Value);
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
        return Checked(sample, sum);
    }

    private static Sample HandInlined()
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Records * Times, () => sum = InlinedLoop());
        return Checked(sample, sum);
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

    private static Sample Checked(Sample sample, long sum)
    {
        long expected = Times * Input.Where(Keep).Sum(record => record.Value * 2);
        return sum == expected
            ? sample
            : throw new InvalidOperationException($"The sum is {sum}; {expected} is right.");
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
