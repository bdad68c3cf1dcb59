using Millrace.Connected;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Batch;

/// <summary>Programs drawn from a seed: any steps, then something with state by key, then perhaps more of it.</summary>
internal static class RandomPrograms
{
    /// <summary>Number of operators with state there are to choose from.</summary>
    public const int Kinds = 9;

    private static readonly WatermarkStrategy<long> Late =
        WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(TimedSource.Disorder));

    /// <summary>Defines one.</summary>
    /// <param name="env">Where to.</param>
    /// <param name="seed">What it is drawn from.</param>
    /// <param name="kind">The operator with state; from 0.</param>
    /// <returns>Its final rows; a row of a rolling aggregate stands for those of its key before it.</returns>
    public static DataStream<string> Define(StreamExecutionEnvironment env, int seed, int kind)
    {
        var random = new Random(seed);
        env.SetBatchSize(1 + random.Next(9)).SetAutoWatermarkInterval(TimeSpan.FromMilliseconds(random.Next(3)));
        DataStream<long> stream = Begin(env, random, splits: 4, records: 40);
        int keys = 3 + random.Next(40);
        KeyedStream<long, long> keyed = stream.KeyBy(x => x % keys);
        return kind switch
        {
            0 => keyed.Process(new Buckets()),
            1 => Text(keyed.Window(TumblingEventTimeWindows.Of(Milliseconds(20 + random.Next(200)))).Sum(x => x)),
            2 => Text(keyed.Window(SlidingEventTimeWindows.Of(Milliseconds(90), Milliseconds(30))).Count()),
            3 => keyed.Window(EventTimeSessionWindows.WithGap(Milliseconds(5 + random.Next(60))))
                .Reduce((left, right) => left + right, (key, window, sum) => $"{key} {window}: {sum}"),
            4 => keyed.Max(x => x).Map(row => $"{row.Key}: {row.Value}"),
            5 => keyed.IntervalJoin(Begin(env, random, 2, 30).KeyBy(x => x % keys))
                .Between(Milliseconds(-30), Milliseconds(random.Next(40)))
                .Apply((left, right) => $"{left} and {right}"),
            6 => keyed.TemporalJoin(env.FromSource(new TimedSource(2, 30), Late).KeyBy(x => x % keys))
                .Apply((left, right) => $"{left} at {right}"),
            7 => keyed.Connect(Begin(env, random, 3, 20).Map(x => $"{x}").KeyBy(x => long.Parse(x, null) % keys))
                .Process(new CountBoth()),
            8 => Text(keyed.Window(TumblingEventTimeWindows.Of(Milliseconds(50))).Count()
                .KeyBy(row => row.Key % 4)
                .Window(TumblingEventTimeWindows.Of(Milliseconds(150))).Sum(row => row.Value)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static DataStream<long> Begin(StreamExecutionEnvironment env, Random random, int splits, int records)
    {
        DataStream<long> stream = env.FromSource(new TimedSource(splits, records), Late);
        for (int steps = random.Next(4); steps > 0; steps--)
        {
            stream = Next(stream, random);
        }

        return stream;
    }

    private static DataStream<long> Next(DataStream<long> stream, Random random) => random.Next(5) switch
    {
        0 => stream.Map(x => x + 1),
        1 => stream.Filter(x => x % 3 != 0),
        2 => stream.Union(stream.Map(x => -x)),
        3 => stream.To((PartitionerKind)random.Next((int)PartitionerKind.Hash + 1, (int)PartitionerKind.Shuffle + 1)),
        _ => stream.FlatMap(x => new[] { x, x * 2 }),
    };

    private static DataStream<string> Text(DataStream<Windowed<long, TimeWindow, long>> rows) =>
        rows.Map(row => $"{row.Key} {row.Window}: {row.Value}");

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    /// <summary>Sums by 100 ms, with the number and the list of what went in.</summary>
    private sealed class Buckets : KeyedProcessFunction<long, long, string>
    {
        private IMapState<long, long> _sums = null!;
        private IListState<long> _all = null!;
        private IValueState<int> _count = null!;

        public override void Open(RuntimeContext context)
        {
            _sums = context.GetState(new MapStateDescriptor<long, long>("sums"));
            _all = context.GetState(new ListStateDescriptor<long>("all"));
            _count = context.GetState(new ValueStateDescriptor<int>("count"));
        }

        public override void ProcessElement(long value, Context context, ICollector<string> output)
        {
            long bucket = (context.Timestamp!.Value / 100 * 100) + 99;
            _sums.TryGet(bucket, out long sum);
            _sums[bucket] = sum + value;
            _all.Add(value);
            _count.Update(_count.Value + 1);
            context.TimerService.RegisterEventTimeTimer(bucket);
            context.TimerService.RegisterEventTimeTimer(long.MaxValue - 1);
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output)
        {
            if (timestamp == long.MaxValue - 1)
            {
                output.Emit($"{context.CurrentKey}: {_count.Value} records, {_all.Sum()} in all");
                return;
            }

            _sums.TryGet(timestamp, out long sum);
            _sums.Remove(timestamp);
            output.Emit($"{context.CurrentKey} until {timestamp}: {sum}");
        }
    }
}
