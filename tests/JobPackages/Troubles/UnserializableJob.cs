using Millrace.Connectors.Blackhole;
using Millrace.DataStream;
using Millrace.Programs;

namespace Troubles;

/// <summary>Has records that cannot be written.</summary>
public sealed class UnserializableJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.FromElements(1, 2, 3)
            .Map(number => new Parcel(number, new MemoryStream()))
            .SinkTo(new DiscardSink<Parcel>());

    public sealed record Parcel(int Number, Stream Content);
}
