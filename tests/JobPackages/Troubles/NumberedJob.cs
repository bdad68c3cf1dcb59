using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.State;

namespace Troubles;

/// <summary>Numbers the records of each key and writes them to files, through whatever happens: with checkpoints, and
/// state that is too large to stand in their metadata.</summary>
public sealed class NumberedJob : IStreamJob
{
    public const int Keys = 13;

    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        long records = args.GetInt64("records", 6_000);
        env.SetRuntimeMode(RuntimeMode.Streaming)
            .EnableCheckpointing(TimeSpan.FromMilliseconds(200))
            .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(100)))
            .FromSource(DataGenerator.Source(i => i, records, recordsPerSecond: args.GetDouble("rate", 1_000)))
            .Rebalance()
            .KeyBy(value => value % Keys)
            .Process(new Numbering())
            .SinkTo(FileSink.Text(args["output"]));
    }

    private sealed class Numbering : KeyedProcessFunction<long, long, string>
    {
        private const int LedgerLength = 10_000;

        private IValueState<int> _count = null!;
        private IValueState<string?> _ledger = null!;

        public override void Open(RuntimeContext context)
        {
            _count = context.GetState(new ValueStateDescriptor<int>("count"));
            _ledger = context.GetState(new ValueStateDescriptor<string?>("ledger"));
        }

        public override void ProcessElement(long value, Context context, ICollector<string> output)
        {
            _count.Update(_count.Value + 1);
            _ledger.Update(new string((char)('a' + (_count.Value % 26)), LedgerLength));
            output.Emit($"{context.CurrentKey}: {_count.Value}");
        }
    }
}
