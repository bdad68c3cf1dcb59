using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Execution.Spilling;
using Millrace.Joins;
using Millrace.Operators.Connected;
using Millrace.Operators.Joins;
using Millrace.Operators.TwoInputs;
using Millrace.Serialization;
using Millrace.Simulation;
using Millrace.State;

namespace Millrace.Operators.Sorting;

/// <summary>Joins over inputs that come key by key, as in batch mode.</summary>
[TestClass]
public sealed class SortedJoinTests
{
    private const int Keys = 150;
    private const int RecordsOfEach = 12;

    private static readonly SerializerSet Serializers = new();
    private static readonly KeyGroupRange All = new(0, TwoInputVerifier.KeyGroups);

    private delegate TwoInputOperator<Mark, Mark> Join(Output<Pair> output);

    private static IReadOnlyDictionary<string, Join> Joins { get; } = new Dictionary<string, Join>
    {
        ["interval"] = output => Joining.Interval(new JoinInterval<Mark, Mark>(-30, 30), output, All),
        ["temporal"] = output => Joining.Temporal(new TemporalJoinSides<Mark>(), output, All),
    };

    [TestMethod]
    [DataRow("interval")]
    [DataRow("temporal")]
    public void The_state_of_one_key_is_held_at_a_time(string join)
    {
        (List<Pair> _, int ofOne, int empty) = Run(Joins[join], keys: 1);
        (List<Pair> pairs, int ofAll, _) = Run(Joins[join], Keys);

        Assert.IsGreaterThan(empty, ofOne, "the test looks while there is state");
        Assert.IsLessThanOrEqualTo(ofOne, ofAll, "bytes of state, at most");
        Assert.HasCount(Keys, pairs.Select(pair => pair.Key).Distinct().ToArray());
        Assert.HasCount(
            Keys - 1, pairs.Skip(1).Where((pair, i) => pair.Key != pairs[i].Key).ToArray(), "keys come one by one");
    }

    // State is looked at whenever the join asks whether there is room for a result.
    private static (List<Pair> Pairs, int MostBytes, int EmptyBytes) Run(Join join, int keys)
    {
        TwoInputOperator<Mark, Mark>? step = null;
        int most = 0;
        var output = new TestOutput<Pair>(
            3,
            _ =>
            {
                most = Math.Max(most, step?.Snapshot().Keyed.Length ?? 0);
                return true;
            },
            hasTimestamps: true);
        var loop = new TestLoop();
        var space = new SpillSpace(new SimulatedExecution(1), new BatchOptions { SpillDirectory = "spill" });
        var tools = new SortTools(loop, loop.Clock, new ChainFailure());
        TwoInputOperator<Mark, Mark> target = join(output);
        Assert.IsTrue(target.TryTakeByKey());
        using var sort = new TwoInputSortOperator<int, Mark, Mark>(
            target,
            Sorted(new LeftSide<Mark, Mark>(target), space, tools),
            Sorted(new RightSide<Mark, Mark>(target), space, tools),
            tools);
        sort.Open(name => new TestRuntimeContext(time: loop.Time) { Operator = name });
        int empty = target.Snapshot().Keyed.Length;
        step = target;

        RecordBatch<Mark> left = Marks(keys, seed: 1);
        RecordBatch<Mark> right = Marks(keys, seed: 2);
        Assert.AreEqual(left.Count, sort.ProcessLeft(left, 0, left.Count));
        Assert.AreEqual(right.Count, sort.ProcessRight(right, 0, right.Count));
        left.Release();
        right.Release();
        sort.Advance(long.MaxValue);
        for (int calls = 0; !sort.Finish(); calls++)
        {
            Assert.IsLessThan(10_000, calls, "no progress");
            loop.Clock.Begin();
        }

        output.EndRound();
        Assert.AreEqual(empty, target.Snapshot().Keyed.Length, "nothing is left");
        return (output.Records, most, empty);
    }

    private static SortedInput<int, Mark> Sorted(StreamOperator<Mark> side, SpillSpace space, SortTools tools) => new(
        side,
        mark => mark.Key,
        Serializers.GetKeyHasher<int>(),
        new RecordSorter<Mark>(Serializers.Get<Mark>(), space, 1 << 24),
        new BatchPool<Mark>(5, BatchLayout.Timestamps, new BatchAccount()),
        tools);

    private static RecordBatch<Mark> Marks(int keys, int seed)
    {
        Mark[] marks =
        [
            .. from key in Enumerable.Range(0, keys)
               from i in Enumerable.Range(0, RecordsOfEach)
               select new Mark(key, 1_000 + (10 * i) + seed),
        ];
        new Random(seed).Shuffle(marks);
        RecordBatch<Mark> batch =
            new BatchPool<Mark>(marks.Length, BatchLayout.Timestamps, new BatchAccount()).Rent();
        foreach (Mark mark in marks)
        {
            batch.Timestamps![batch.Count] = mark.Time;
            batch.Values[batch.Count++] = mark;
        }

        return batch;
    }
}
