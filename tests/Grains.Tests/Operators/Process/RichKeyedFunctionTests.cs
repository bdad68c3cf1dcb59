using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Harnesses;
using Millrace.State;

namespace Millrace.Operators.Process;

/// <summary>Functions of the plain kinds that want state of the key of their record.</summary>
[TestClass]
public sealed class RichKeyedFunctionTests
{
    [TestMethod]
    public void A_flat_map_keeps_state_of_the_key_over_restarts_with_another_parallelism()
    {
        (string Key, long Value)[] records = [.. Enumerable.Range(0, 60).Select(i => ($"k{i % 7}", (long)i))];
        using OneInputHarness<(string Key, long Value), string> alone = Averages(new HarnessSettings());
        Array.ForEach(records, record => alone.Process(record));

        using OneInputHarness<(string Key, long Value), string> before = Averages(new HarnessSettings());
        Array.ForEach(records[..31], record => before.Process(record));
        List<string> results = [.. before.Results];
        HarnessSnapshot snapshot = before.Snapshot();
        for (int subtask = 0; subtask < 3; subtask++)
        {
            using OneInputHarness<(string Key, long Value), string> after = Averages(
                new HarnessSettings { Subtask = subtask, Parallelism = 3, Restore = [snapshot] });
            Array.ForEach(Array.FindAll(records[31..], after.Owns), record => after.Process(record));
            results.AddRange(after.Results);
        }

        Assert.AreEqual("k0: 3", alone.Results[0], "the mean of 0 and 7, cut off");
        Assert.HasCount(28, alone.Results);
        CollectionAssert.AreEquivalent(alone.Results.ToArray(), results);
    }

    [TestMethod]
    public void A_map_and_a_filter_keep_state_of_the_key()
    {
        using OneInputHarness<string, string> numbered = FunctionHarness.Of<string, string>(
            words => words.KeyBy(word => word).Map(new Numbered()));
        Array.ForEach(["a", "b", "a"], word => numbered.Process(word, timestamp: 5));
        CollectionAssert.AreEqual(new[] { "a 1", "b 1", "a 2" }, numbered.Results.ToArray());
        Assert.AreEqual(5, numbered.TimedResults[2].Timestamp);

        using OneInputHarness<string, string> distinct = FunctionHarness.Of<string, string>(
            words => words.KeyBy(word => word).Filter(new NotSeen()));
        Array.ForEach(["a", "b", "a", "c", "b"], word => distinct.Process(word));
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, distinct.Results.ToArray());
    }

    [TestMethod]
    public void They_are_opened_closed_and_told_of_snapshots()
    {
        var function = new NotSeen();
        OneInputHarness<string, string> harness = FunctionHarness.Of<string, string>(
            words => words.KeyBy(word => word).Filter(function));
        harness.Process("a");
        harness.Snapshot();
        Assert.AreEqual("open, saved", function.Life);
        harness.Dispose();
        Assert.AreEqual("open, saved, closed", function.Life);
    }

    [TestMethod]
    public void Functions_that_want_nothing_and_structs_are_what_they_were_without_keys()
    {
        var environment = new StreamExecutionEnvironment();
        KeyedStream<int, int> keyed = environment.FromElements(1).KeyBy(number => number);
        keyed.Filter(default(Odd));
        keyed.Filter<Odd>(default);
        keyed.Filter(number => number > 0);
        keyed.Map(number => number);
        keyed.FlatMap(number => new[] { number });

        string[] kinds = [.. StreamGraph.Of(environment).Nodes.Skip(1).Select(node => node.Transformation.Kind)];

        CollectionAssert.AreEqual(new[] { "Filter", "Filter", "Filter", "Map", "FlatMap" }, kinds);
    }

    [TestMethod]
    public void They_have_no_side_outputs()
    {
        DataStream<string> numbered = new StreamExecutionEnvironment().FromElements("a")
            .KeyBy(word => word).Map(new Numbered());

        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(
            () => numbered.GetSideOutput(new OutputTag<string>("other")));

        StringAssert.Contains(error.Message, "'KeyedMap' has no side outputs");
    }

    private static OneInputHarness<(string Key, long Value), string> Averages(HarnessSettings settings) =>
        FunctionHarness.Of<(string Key, long Value), string>(
            records => records.KeyBy(record => record.Key).FlatMap(new AverageOfTwo()), settings);

    /// <summary>The mean of each two values of a key.</summary>
    private sealed class AverageOfTwo : IFlatMapFunction<(string Key, long Value), string>, IRichFunction
    {
        private IValueState<(int Count, long Sum)> _sum = null!;

        public void Open(RuntimeContext context) =>
            _sum = context.GetState(new ValueStateDescriptor<(int Count, long Sum)>("sum"));

        public void FlatMap((string Key, long Value) value, ICollector<string> collector)
        {
            (int count, long sum) = _sum.Value;
            if (count == 0)
            {
                _sum.Update((1, value.Value));
                return;
            }

            collector.Emit($"{value.Key}: {(sum + value.Value) / 2}");
            _sum.Clear();
        }

        public void Close()
        {
        }
    }

    private sealed class Numbered : IMapFunction<string, string>, IRichFunction
    {
        private IValueState<int> _count = null!;

        public void Open(RuntimeContext context) => _count = context.GetState(new ValueStateDescriptor<int>("count"));

        public string Map(string value)
        {
            _count.Update(_count.Value + 1);
            return $"{value} {_count.Value}";
        }

        public void Close()
        {
        }
    }

    private sealed class NotSeen : IFilterFunction<string>, ICheckpointedFunction
    {
        private IValueState<bool> _seen = null!;

        public string Life { get; private set; } = "";

        public void Open(RuntimeContext context)
        {
            _seen = context.GetState(new ValueStateDescriptor<bool>("seen"));
            Life = "open";
        }

        public bool Filter(string value)
        {
            bool isNew = !_seen.HasValue;
            _seen.Update(true);
            return isNew;
        }

        public void SnapshotState() => Life += ", saved";

        public void Close() => Life += ", closed";
    }

    private readonly struct Odd : IFilterFunction<int>
    {
        public bool Filter(int value) => (value & 1) == 1;
    }
}
