using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Running;
using Millrace.State;

namespace Millrace.Checkpointing;

/// <summary>A random program that passes numbers on from two sources to one slow sink, over edges of all kinds, and
/// counts them by key in front of it: each number makes one row, whatever the program is.</summary>
/// <param name="seed">Which program: the same for the same seed, but for its parallelism.</param>
/// <param name="ledger">Takes the rows.</param>
internal sealed class RandomFlow(int seed, Ledger ledger)
{
    public const int Records = 400;

    private const int Keys = 5;
    private const int MaxSteps = 5;

    /// <summary>The rows of a run that is never disturbed.</summary>
    public static IEnumerable<string> Rows => NumberedRecords.Rows(Records, Keys);

    /// <summary>Defines it.</summary>
    /// <param name="env">On what.</param>
    /// <param name="parallelism">Of its operators: each has its own, up to this.</param>
    public void Define(StreamExecutionEnvironment env, int parallelism)
    {
        Random shape = new(seed);
        Random sizes = new((seed * 31) + parallelism);
        env.SetRuntimeMode(RuntimeMode.Streaming)
            .SetBatchSize(1 + (seed % 7))
            .EnableCheckpointing(TimeSpan.FromMilliseconds(20), settings => settings with
            {
                AlignedTimeout = TimeSpan.FromMilliseconds(seed % 2 * 3),
                RetainOnCancellation = true,
                ToleratedFailures = 1_000,
            })
            .SetRestartStrategy(RestartSettings.FixedDelay(10, TimeSpan.FromMilliseconds(5)));
        List<DataStream<long>> open =
        [
            env.FromSource(
                    DataGenerator.Source(i => i, Records / 2, recordsPerSecond: 2_000),
                    WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(Records))
                        .WithTimestampAssigner(x => x))
                .WithUid("generated").SetParallelism(Size()),
            env.FromCollection(Enumerable.Range(Records / 2, Records / 2).Select(i => (long)i)).WithUid("given"),
        ];
        int steps = 1 + shape.Next(MaxSteps);
        for (int i = 0; i < steps; i++)
        {
            int from = shape.Next(open.Count);
            DataStream<long> stream = open[from];
            open.RemoveAt(from);
            if (open.Count > 0 && shape.Next(3) == 0)
            {
                int other = shape.Next(open.Count);
                stream = Partitioned(stream, shape.Next(7)).Union(Partitioned(open[other], shape.Next(7)));
                open.RemoveAt(other);
            }

            open.AddRange(Step(Partitioned(stream, shape.Next(7)), $"step {i}", shape, Size()));
        }

        DataStream<long> all = open.Count == 1 ? open[0] : open[0].Union([.. open.Skip(1)]);
        all.KeyBy(x => x % Keys)
            .Process(new NumberedRecords()).WithUid("numbered").SetParallelism(Size())
            .Rebalance()
            .SinkTo(ledger.Sink()).WithUid("rows").SetParallelism(Size());

        int Size() => 1 + sizes.Next(parallelism);
    }

    private static DataStream<long> Partitioned(DataStream<long> stream, int kind) => kind switch
    {
        0 => stream.Rebalance(),
        1 => stream.Shuffle(),
        2 => stream.Rescale(),
        3 => stream.Global(),
        4 => stream.PartitionCustom((key, count) => (int)(key % count), x => x / 3),
        _ => stream,
    };

    private static IEnumerable<DataStream<long>> Step(DataStream<long> stream, string uid, Random shape, int size)
    {
        switch (shape.Next(6))
        {
            case 0:
                return [Sized(stream.Map(x => x))];
            case 1:
                return [Sized(stream.FlatMap(x => (IEnumerable<long>)[x]))];
            case 2:
                return [Sized(stream.Filter(x => x >= 0).DisableChaining())];
            case 3:
                // With keys of its own.
                return [Sized(stream.KeyBy(x => x % 17).Process(new Ordered()))];
            case 4:
                DataStream<long> even = Sized(stream.Process(new Split()));
                return [even, even.GetSideOutput(Split.Odd)];
            default:
                // Steps of one chain, unless sizes differ.
                return [Sized(stream.Map(x => x).WithUid($"{uid} before").FlatMap(x => (IEnumerable<long>)[x]))];
        }

        DataStream<long> Sized(DataStream<long> made) => made.WithUid(uid).SetParallelism(size);
    }

    /// <summary>Passes records on, and keeps by key how many there were: a record at the wrong subtask has a key of
    /// which that one keeps nothing.</summary>
    private sealed class Ordered : KeyedProcessFunction<long, long, long>
    {
        private IValueState<long> _count = null!;

        public override void Open(RuntimeContext context) =>
            _count = context.GetState(new ValueStateDescriptor<long>("count"));

        public override void ProcessElement(long value, Context context, ICollector<long> output)
        {
            _count.Update(_count.Value + 1);
            output.Emit(value);
        }
    }

    private sealed class Split : ProcessFunction<long, long>
    {
        public static readonly OutputTag<long> Odd = new("odd");

        public override void ProcessElement(long value, Context context, ICollector<long> output)
        {
            if (value % 2 == 0)
            {
                output.Emit(value);
                return;
            }

            context.Output(Odd, value);
        }
    }
}
