using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Programs;

namespace Troubles;

/// <summary>Takes all the processor time there is, until it is canceled; <c>--work</c> says how much each record
/// is.</summary>
public sealed class BusyJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        long work = args.GetInt64("work", 10_000);
        env.FromSource(DataGenerator.Source(index => index))
            .Map(number => Scramble(number, work))
            .KeyBy(number => number % 64)
            .Count()
            .SinkTo(new DiscardSink<Keyed<long, long>>());
    }

    private static long Scramble(long number, long work)
    {
        ulong mixed = (ulong)number;
        for (long i = 0; i < work; i++)
        {
            mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
        }

        return (long)(mixed >> 1);
    }
}
