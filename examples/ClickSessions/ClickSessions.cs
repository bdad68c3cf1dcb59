using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Programs;
using Millrace.Windowing.Assigners;

namespace Millrace.Examples;

/// <summary>
/// The visits of a site: clicks of one user with less than half an hour between them. <c>--input</c> (files of lines
/// <c>user,page,time</c>, out of order by a minute at most), <c>--gap</c> (how long nothing happens between two visits,
/// 00:30:00 by default), <c>--output</c> (a directory for CSV files), <c>--overwrite</c> (replace what is in it).
/// </summary>
public sealed class ClickSessions : IStreamJob
{
    private static readonly WatermarkStrategy<Click> ByTheMinute =
        WatermarkStrategy.ForBoundedOutOfOrderness<Click>(TimeSpan.FromMinutes(1))
            .WithTimestampAssigner(click => click.Time);

    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        TimeSpan gap = args.GetTimeSpan("gap", TimeSpan.FromMinutes(30));
        env.FromSource(FileSource.ReadLines(args["input"]))
            .Map(Click.Parse)
            .AssignTimestampsAndWatermarks(ByTheMinute)
            .Map(click => new Session(click.User, click.Time, click.Time, 1))
            .KeyBy(session => session.User)
            .Window(EventTimeSessionWindows.WithGap(gap))
            .Reduce(Join).WithUid("sessions")
            .SinkTo(FileSink.Csv(
                args.Get("output", "out/sessions"),
                csv => csv.Overwrite = args.GetBoolean("overwrite")));
    }

    private static Session Join(Session left, Session right) => left with
    {
        First = Math.Min(left.First, right.First),
        Last = Math.Max(left.Last, right.Last),
        Clicks = left.Clicks + right.Clicks,
    };
}
