using Millrace.Connectors.Blackhole;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Running;

namespace Millrace.Tasks;

/// <summary>What the way of a record allocates once everything has its size.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int Records = 10_000;
    private const int FewTimes = 100;
    private const int MoreTimes = 400;

    // One object of the least size for each batch of 1,024 would be more.
    private const double BytesPerRecord = 0.01;
    private const int Attempts = 5;

    private static readonly Reading[] Input =
        [.. Enumerable.Range(0, Records).Select(i => new Reading(i % 1_000, i, i * 0.5))];

    [TestMethod]
    [DataRow(RuntimeMode.Streaming)]
    [DataRow(RuntimeMode.Batch)]
    public void A_keyed_sum_of_structs_behind_delegates_allocates_nothing(RuntimeMode mode) =>
        VerifyNothingAllocated(mode, stream => stream
            .Map(reading => reading with { Value = reading.Value + 1 })
            .Filter(reading => reading.Value % 3 != 0));

    [TestMethod]
    [DataRow(RuntimeMode.Streaming)]
    [DataRow(RuntimeMode.Batch)]
    public void A_keyed_sum_of_structs_behind_struct_functions_allocates_nothing(RuntimeMode mode) =>
        VerifyNothingAllocated(mode, stream => stream
            .Map<AddOne, Reading>(default)
            .Filter<NotEveryThird>(default));

    // Whatever a run costs once, batches that wait between operators when a round ends among it, is the same in both;
    // what is left belongs to the records. Others in the process may
    // allocate during either, so the median of some attempts counts.
    private static void VerifyNothingAllocated(
        RuntimeMode mode, Func<DataStream<Reading>, DataStream<Reading>> steps)
    {
        Allocated(1, mode, steps);
        double[] bytes = [.. Enumerable.Range(0, Attempts).Select(_ => BytesOfRecord(mode, steps)).Order()];

        Assert.IsLessThanOrEqualTo(BytesPerRecord, bytes[Attempts / 2], "bytes allocated for each record");
    }

    private static double BytesOfRecord(RuntimeMode mode, Func<DataStream<Reading>, DataStream<Reading>> steps)
    {
        long few = Allocated(FewTimes, mode, steps);
        long many = Allocated(FewTimes + MoreTimes, mode, steps);
        return (many - few) / ((double)MoreTimes * Records);
    }

    private static long Allocated(
        int times, RuntimeMode mode, Func<DataStream<Reading>, DataStream<Reading>> steps)
    {
        using var local = new LocalRun(workers: 1);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        local.Run(env => steps(env.SetRuntimeMode(mode).FromSource(new ArraySource<Reading>(Input, times)))
            .KeyBy(reading => reading.Sensor)
            .Sum(reading => reading.Value)
            .SinkTo(new DiscardSink<Keyed<int, long>>()));
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private readonly record struct Reading(int Sensor, long Value, double Level);

    private readonly struct AddOne : IMapFunction<Reading, Reading>
    {
        public Reading Map(Reading value) => value with { Value = value.Value + 1 };
    }

    private readonly struct NotEveryThird : IFilterFunction<Reading>
    {
        public bool Filter(Reading value) => value.Value % 3 != 0;
    }
}
