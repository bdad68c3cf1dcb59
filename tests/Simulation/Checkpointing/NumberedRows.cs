using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Running;
using Millrace.State;

namespace Millrace.Checkpointing;

/// <summary>A job that numbers the records of each key; its state by key is large enough for files of its
/// own.</summary>
internal static class NumberedRows
{
    private const int MostRecords = 1_000;
    private const int Keys = 12;
    private const int PaddingLength = 5_000;

    /// <summary>The job. It takes about half a second, and a checkpoint every 20 ms.</summary>
    /// <param name="env">Gets it.</param>
    /// <param name="sink">Where the rows go.</param>
    /// <param name="configure">Changes the settings of its checkpoints.</param>
    /// <param name="records">How many records there are.</param>
    public static void Define(
        StreamExecutionEnvironment env,
        Sink<string> sink,
        Func<CheckpointSettings, CheckpointSettings>? configure = null,
        int records = MostRecords) =>
        env.SetRuntimeMode(RuntimeMode.Streaming)
            .EnableCheckpointing(
                TimeSpan.FromMilliseconds(20),
                settings => (configure ?? (static same => same))(settings with { ToleratedFailures = 100 }))
            .SetRestartStrategy(RestartSettings.FixedDelay(100, TimeSpan.FromMilliseconds(5)))
            .FromSource(DataGenerator.Source(i => i, records, recordsPerSecond: 2_000))
            .KeyBy(x => x % Keys)
            .Process(new Numbered())
            .SinkTo(sink);

    /// <summary>All rows.</summary>
    public static string[] Expected(int records = MostRecords) => NumberedRecords.Rows(records, Keys);

    /// <summary>Numbers the records of each key, and keeps some kilobytes for it.</summary>
    internal sealed class Numbered : KeyedProcessFunction<long, long, string>
    {
        private IValueState<int> _count = null!;
        private IValueState<string> _padding = null!;

        public override void Open(RuntimeContext context)
        {
            _count = context.GetState(new ValueStateDescriptor<int>("count"));
            _padding = context.GetState(new ValueStateDescriptor<string>("padding"));
        }

        public override void ProcessElement(long value, Context context, ICollector<string> output)
        {
            _count.Update(_count.Value + 1);
            _padding.Update(new string((char)('a' + context.CurrentKey), PaddingLength));
            output.Emit($"{context.CurrentKey}: {_count.Value}");
        }
    }
}
