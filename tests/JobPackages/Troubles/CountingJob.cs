using Millrace.Connectors.Blackhole;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Programs;

namespace Troubles;

/// <summary>Counts <c>--records</c> numbers in an accumulator: nothing goes wrong.</summary>
public sealed class CountingJob : IStreamJob
{
    public void Define(StreamExecutionEnvironment env, JobArguments args) =>
        env.FromSource(NumberSequence.Source(1, args.GetInt64("records", 100)))
            .Map(new Counting())
            .SinkTo(new DiscardSink<long>());

    private sealed class Counting : IMapFunction<long, long>, IRichFunction
    {
        private LongCounter? _seen;

        public void Open(RuntimeContext context) => _seen = context.Counter("seen");

        public void Close()
        {
        }

        public long Map(long value)
        {
            _seen!.Add(1);
            return value;
        }
    }
}
