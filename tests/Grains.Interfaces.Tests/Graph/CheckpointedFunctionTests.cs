using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Functions;

namespace Millrace.Graph;

/// <summary>Functions that wait for snapshots stand only where they are told of them.</summary>
[TestClass]
public sealed class CheckpointedFunctionTests
{
    private static DataStream<long> Numbers => new StreamExecutionEnvironment().FromElements(1L, 2L);

    [TestMethod]
    public void Maps_and_filters_without_keys_are_refused_with_what_to_use()
    {
        InvalidProgramGraphException map = Assert.ThrowsExactly<InvalidProgramGraphException>(
            () => Numbers.Map(new Remembering()));
        InvalidProgramGraphException filter = Assert.ThrowsExactly<InvalidProgramGraphException>(
            () => Numbers.Filter(new Remembering()));

        Assert.Contains("Remembering is an ICheckpointedFunction and was given to Map", map.Message);
        Assert.Contains("given to Filter", filter.Message);
        Assert.Contains("Use FlatMap(...) or Process(...)", filter.Message);
    }

    [TestMethod]
    public void Those_with_keys_are_told_and_stand()
    {
        KeyedStream<long, long> keyed = Numbers.KeyBy(number => number);

        Assert.IsNotNull(keyed.Map(new Remembering()));
        Assert.IsNotNull(keyed.Filter(new Remembering()));
    }

    private sealed class Remembering : IMapFunction<long, long>, IFilterFunction<long>, ICheckpointedFunction
    {
        public long Map(long value) => value;

        public bool Filter(long value) => true;

        public void Open(RuntimeContext context)
        {
        }

        public void SnapshotState()
        {
        }

        public void Close()
        {
        }
    }
}
