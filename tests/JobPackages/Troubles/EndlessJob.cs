using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Programs;

namespace Troubles;

/// <summary>Goes on until it is canceled; <c>--rate</c> records a second.</summary>
public sealed class EndlessJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.FromSource(DataGenerator.Source(index => index, recordsPerSecond: args.GetDouble("rate", 1_000)))
            .KeyBy(number => number % 16)
            .Count()
            .SinkTo(new DiscardSink<Keyed<long, long>>());
}
