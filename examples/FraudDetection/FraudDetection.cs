using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Programs;

namespace Millrace.Examples;

/// <summary>
/// Whoever has stolen a card tries it with a small payment and then empties it. An alarm for each card with a payment
/// below a dollar and, as the next one and within a minute, one above five hundred: <c>--input</c> (files of lines
/// <c>card,cents,time</c>, those of a card in the order of time), <c>--output</c> (a directory for CSV files),
/// <c>--overwrite</c> (replace what is in it).
/// </summary>
public sealed class FraudDetection : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.FromSource(FileSource.ReadLines(args["input"]))
            .Map(Payment.Parse)
            .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<Payment>()
                .WithTimestampAssigner(payment => payment.Time))
            .KeyBy(payment => payment.Card)
            .Process(new SmallThenLarge()).WithUid("small-then-large")
            .SinkTo(FileSink.Csv(
                args.Get("output", "out/alarms"),
                csv => csv.Overwrite = args.GetBoolean("overwrite")));
}
