using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Programs;

namespace Troubles;

/// <summary>Has a function that never returns.</summary>
public sealed class StuckJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.FromSource(NumberSequence.Source(0, 10))
            .Map(number =>
            {
                using var never = new ManualResetEventSlim();
                never.Wait();
                return number;
            })
            .SinkTo(new DiscardSink<long>());
}
