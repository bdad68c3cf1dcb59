using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;

namespace Millrace;

/// <summary>Whole programs under many orders of events: what comes out must not depend on the order.</summary>
[TestClass]
public sealed class ProgramSimulationTests
{
    private const int Seeds = 10;

    private static readonly long[] Numbers = [.. Enumerable.Range(0, 300).Select(i => (long)i)];

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    [DataRow(3, 4)]
    public void A_chain_with_a_keyed_sum_gives_the_same_sums(int silos, int parallelism) => ForEachSeed(seed =>
    {
        List<Keyed<long, long>> sums = SimulatedJob.Collect<Keyed<long, long>>(seed, silos, parallelism, env => env
            .SetBatchSize(1 + (seed % 7))
            .FromSequence(0, 299)
            .Filter(x => x % 3 != 0)
            .Map(x => x * 2)
            .KeyBy(x => x % 7)
            .Sum(x => x)
            .CollectTo("out"));

        CollectionAssert.AreEquivalent(
            Numbers.Where(x => x % 3 != 0).Select(x => x * 2)
                .GroupBy(x => x % 7).Select(group => new Keyed<long, long>(group.Key, group.Sum())).ToArray(),
            sums);
    });

    [TestMethod]
    [DataRow(PartitionerKind.Rebalance)]
    [DataRow(PartitionerKind.Rescale)]
    [DataRow(PartitionerKind.Shuffle)]
    [DataRow(PartitionerKind.Global)]
    [DataRow(PartitionerKind.Forward)]
    public void Every_partitioning_passes_every_record_once(PartitionerKind kind) => ForEachSeed(seed =>
    {
        List<long> records = SimulatedJob.Collect<long>(seed, 2, 3, env => Partitioned(env.FromSequence(0, 299), kind)
            .Map(x => x).StartNewChain()
            .CollectTo("out"));

        CollectionAssert.AreEquivalent(Numbers, records);
    });

    [TestMethod]
    public void A_broadcast_passes_every_record_to_every_subtask() => ForEachSeed(seed =>
    {
        List<long> records = SimulatedJob.Collect<long>(seed, 2, 3, env => env
            .FromSequence(0, 99).Broadcast().Map(x => x).CollectTo("out"));

        CollectionAssert.AreEquivalent(
            Enumerable.Repeat(Numbers.Take(100), 3).SelectMany(x => x).ToArray(), records);
    });

    [TestMethod]
    public void A_stream_joined_with_itself_and_another_has_all_records_of_each() => ForEachSeed(seed =>
    {
        List<long> records = SimulatedJob.Collect<long>(seed, 2, 2, env =>
        {
            DataStream<long> numbers = env.FromSequence(0, 299);
            numbers.Union(numbers.Map(x => -x), numbers).Map(x => x).CollectTo("out");
        });

        CollectionAssert.AreEquivalent(
            Numbers.Concat(Numbers).Concat(Numbers.Select(x => -x)).ToArray(), records);
    });

    // Two consumers share each batch; one of them changes its records.
    [TestMethod]
    public void With_copies_a_consumer_that_changes_records_harms_no_other() => ForEachSeed(seed =>
    {
        List<long> records = SimulatedJob.Collect<long>(seed, 1, 1, env =>
        {
            DataStream<Box> boxes = env.CopyOnEmit().FromSequence(0, 299).Map(x => new Box { Value = x });
            boxes.Map(box => box.Value = -1).Discard();
            boxes.Map(box => box.Value).CollectTo("out");
        });

        CollectionAssert.AreEquivalent(Numbers, records);
    });

    [TestMethod]
    public void In_streaming_mode_each_record_emits_the_result_so_far() => ForEachSeed(seed =>
    {
        List<Keyed<long, long>> counts = SimulatedJob.Collect<Keyed<long, long>>(seed, 2, 2, env => env
            .SetRuntimeMode(RuntimeMode.Streaming)
            .FromSequence(0, 299).KeyBy(x => x % 5).Count().CollectTo("out"));

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 5).SelectMany(key =>
                Enumerable.Range(1, 60).Select(count => new Keyed<long, long>(key, count))).ToArray(),
            counts);
    });

    [TestMethod]
    public void A_struct_that_reduces_is_opened_and_keeps_what_it_counts()
    {
        List<long> results = SimulatedJob.Collect<long>(1, 1, 1, env => env
            .FromSequence(0, 299).KeyBy(x => x % 2).Reduce<CountedReduce>(default).CollectTo("out"));

        // 298 calls of one function, numbered from 1; the last call of each key says how many there had been.
        CollectionAssert.AreEquivalent(new[] { 297L, 298L }, results);
    }

    [TestMethod]
    public void Query_syntax_builds_the_same_program()
    {
        List<long> records = SimulatedJob.Collect<long>(3, 2, 2, env =>
            (from x in env.FromSequence(0, 20)
             where x % 2 == 0
             from y in new[] { x, -x }
             select y * 10).CollectTo("out"));

        CollectionAssert.AreEquivalent(
            (from x in Numbers.Take(21) where x % 2 == 0 from y in new[] { x, -x } select y * 10).ToArray(), records);
    }

    private static void ForEachSeed(Action<int> run)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            run(seed);
        }
    }

    private static DataStream<long> Partitioned(DataStream<long> stream, PartitionerKind kind) => kind switch
    {
        PartitionerKind.Rebalance => stream.Rebalance(),
        PartitionerKind.Rescale => stream.Rescale(),
        PartitionerKind.Shuffle => stream.Shuffle(),
        PartitionerKind.Global => stream.Global(),
        _ => stream.Forward(),
    };

    private struct CountedReduce : IReduceFunction<long>, IRichFunction
    {
        private long[]? _opened;
        private long _calls;

        public void Open(RuntimeContext context) => _opened = [0];

        public readonly void Close()
        {
        }

        public long Reduce(long accumulated, long value) => _opened![0] = ++_calls;
    }

    private sealed class Box
    {
        public long Value { get; set; }
    }
}
