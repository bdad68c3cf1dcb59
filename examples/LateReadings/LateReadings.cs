using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Graph;
using Millrace.Programs;
using Millrace.Windowing.Assigners;

namespace Millrace.Examples;

/// <summary>
/// The greatest value of each sensor in each minute; readings that come when their minute is over are not lost, they go
/// into files of their own: <c>--input</c> (files of lines <c>sensor,value,time</c>), <c>--patience</c> (how long a
/// minute is waited for, 00:00:05 by default), <c>--output</c> and <c>--late</c> (directories for CSV files),
/// <c>--overwrite</c> (replace what is in them).
/// </summary>
/// <remarks>Time moves on behind a batch of lines, about a thousand of them: in a file that is shorter nothing is
/// late.</remarks>
public sealed class LateReadings : IStreamJob
{
    private static readonly OutputTag<Reading> Late = new("late");

    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        TimeSpan patience = args.GetTimeSpan("patience", TimeSpan.FromSeconds(5));
        WatermarkStrategy<Reading> strategy = WatermarkStrategy
            .ForGenerator<Reading>(_ => new EveryReading(patience))
            .WithTimestampAssigner(reading => reading.Time);

        // In batch mode nothing is late, for time moves at the end only: here the point is to see what is.
        DataStream<MinuteMaximum> maxima = env.SetRuntimeMode(RuntimeMode.Streaming)
            .FromSource(FileSource.ReadLines(args["input"]))
            .Map(Reading.Parse)
            .AssignTimestampsAndWatermarks(strategy)
            .KeyBy(reading => reading.Sensor)
            .Window(TumblingEventTimeWindows.Of(TimeSpan.FromMinutes(1)))
            .SideOutputLateData(Late)
            .Reduce(
                (left, right) => left.Value >= right.Value ? left : right,
                (sensor, minute, reading) => new MinuteMaximum(sensor, minute.Start, reading.Value))
            .WithUid("maxima");

        maxima.SinkTo(Files(args, "output", "out/maxima"));
        maxima.GetSideOutput(Late).SinkTo(Files(args, "late", "out/late"));
    }

    private static FileSink Files(JobArguments args, string name, string defaultDirectory) => FileSink.Csv(
        args.Get(name, defaultDirectory),
        csv => csv.Overwrite = args.GetBoolean("overwrite"));
}
