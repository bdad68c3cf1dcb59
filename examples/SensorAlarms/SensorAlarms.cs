using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Programs;

namespace Millrace.Examples;

/// <summary>
/// Rules that change while readings come: an alarm for each reading above the limit that holds for its kind at its
/// time. Readings go to the subtask of their sensor, rules to all of them: <c>--readings</c> (files of lines
/// <c>sensor,kind,value,time</c>), <c>--rules</c> (files of lines <c>kind,limit,from</c>), <c>--output</c> (a directory
/// for CSV files), <c>--overwrite</c> (replace what is in it).
/// </summary>
public sealed class SensorAlarms : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        DataStream<LimitRule> rules = env.FromSource(FileSource.ReadLines(args["rules"]))
            .Map(LimitRule.Parse)
            .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<LimitRule>()
                .WithTimestampAssigner(rule => rule.From));
        env.FromSource(FileSource.ReadLines(args["readings"]))
            .Map(SensorReading.Parse)
            .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<SensorReading>()
                .WithTimestampAssigner(reading => reading.Time))
            .KeyBy(reading => reading.Sensor)
            .Connect(rules.Broadcast(AboveLimit.Rules))
            .Process(new AboveLimit()).WithUid("above-limit")
            .SinkTo(FileSink.Csv(
                args.Get("output", "out/alarms"),
                csv => csv.Overwrite = args.GetBoolean("overwrite")));
    }
}
