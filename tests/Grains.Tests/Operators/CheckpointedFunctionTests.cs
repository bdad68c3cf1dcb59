using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Async;
using Millrace.Harnesses;
using Millrace.Joins;
using Millrace.Joins.Windows;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Evictors;

namespace Millrace.Operators;

/// <summary>A function that wants to know of snapshots hears of each, whatever operator it is the function
/// of.</summary>
[TestClass]
public sealed class CheckpointedFunctionTests
{
    private static readonly TumblingEventTimeWindows Second = TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(1));

    private static IReadOnlyDictionary<string, Func<Told, DataStream<int>, DataStream<int>>> Functions { get; } =
        new Dictionary<string, Func<Told, DataStream<int>, DataStream<int>>>
        {
            ["map"] = (told, numbers) => numbers.Map(new Step(told)),
            ["filter"] = (told, numbers) => numbers.Filter(new Step(told)),
            ["flat map"] = (told, numbers) => numbers.FlatMap(new Step(told)),
            ["map by key"] = (told, numbers) => numbers.KeyBy(number => number).Map(new Step(told)),
            ["reduction"] = (told, numbers) => numbers.KeyBy(number => number).Reduce(new Step(told)),
            ["reduced window"] = (told, numbers) =>
                numbers.KeyBy(number => number).Window(Second).Reduce(new Step(told)),
            ["reduced window that stands alone"] = (told, numbers) => numbers.KeyBy(number => number).Window(Second)
                .AllowedLateness(TimeSpan.FromSeconds(1)).Reduce(new Step(told)),
            ["reduced window with an evictor"] = (told, numbers) => numbers.KeyBy(number => number).Window(Second)
                .Evictor(CountEvictor.Of(3)).Reduce(new Step(told)),
            ["aggregated window"] = (told, numbers) =>
                numbers.KeyBy(number => number).Window(Second).Aggregate(new Aggregation(told)),
            ["window"] = (told, numbers) =>
                numbers.KeyBy(number => number).Window(Second).Process(new OfWindow(told)),
            ["aggregated window with a function"] = (told, numbers) =>
                numbers.KeyBy(number => number).Window(Second).Reduce(new Step(new Told()), new OfWindow(told)),
            ["window of all"] = (told, numbers) => numbers.WindowAll(Second).Process(new OfAll(told)),
            ["asynchronous"] = (told, numbers) =>
                AsyncDataStream.OrderedWait(numbers, new Asynchronous(told), TimeSpan.FromSeconds(1)),
            ["lookup"] = (told, numbers) => AsyncDataStream.LookupJoin(
                numbers, number => number, new Lookup(told), TimeSpan.FromSeconds(1)).Apply((number, _) => number),
            ["function of a lookup join"] = (told, numbers) => AsyncDataStream.LookupJoin(
                numbers, number => number, new Lookup(new Told()), TimeSpan.FromSeconds(1)).Apply(new Step(told)),
        };

    public static IEnumerable<object[]> All => Functions.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(All))]
    public void It_is_told_of_each_snapshot(string function)
    {
        var told = new Told();
        using OneInputHarness<int, int> harness =
            FunctionHarness.Of<int, int>(numbers => Functions[function](told, numbers));
        harness.Process(1, timestamp: 10);
        Assert.AreEqual(0, told.Count);

        harness.Snapshot();
        harness.Process(1, timestamp: 20);
        harness.Snapshot();

        Assert.AreEqual(2, told.Count);
    }

    [TestMethod]
    public void A_function_of_two_streams_in_a_window_is_told_too()
    {
        var told = new Told();
        var flat = new CoGroupWindowFunction<int, int, int, int, TimeWindow, FlatJoinOfGroups<int, int, int>>(
            new FlatJoinOfGroups<int, int, int>(new Step(told)));
        var one = new CoGroupWindowFunction<int, int, int, int, TimeWindow, JoinOfGroups<int, int, int, Step>>(
            new JoinOfGroups<int, int, int, Step>(new Step(told)));

        flat.SnapshotState();
        one.SnapshotState();

        Assert.AreEqual(2, told.Count);
    }

    private sealed class Told
    {
        public int Count { get; set; }
    }

    private sealed class Step(Told told)
        : IMapFunction<int, int>,
        IFilterFunction<int>,
        IFlatMapFunction<int, int>,
        IReduceFunction<int>,
        IJoinFunction<int, int, int>,
        IFlatJoinFunction<int, int, int>,
        ICheckpointedFunction
    {
        public void Open(RuntimeContext context)
        {
        }

        public int Map(int value) => value;

        public bool Filter(int value) => true;

        public void FlatMap(int value, ICollector<int> collector) => collector.Emit(value);

        public int Reduce(int accumulated, int value) => value;

        public int Join(int left, int right) => left;

        public void Join(int left, int right, ICollector<int> output) => output.Emit(left);

        public void SnapshotState() => told.Count++;

        public void Close()
        {
        }
    }

    private sealed class Aggregation(Told told) : IAggregateFunction<int, int, int>, ICheckpointedFunction
    {
        public void Open(RuntimeContext context)
        {
        }

        public int CreateAccumulator() => 0;

        public int Add(int value, int accumulator) => accumulator + value;

        public int GetResult(int accumulator) => accumulator;

        public int Merge(int left, int right) => left + right;

        public void SnapshotState() => told.Count++;

        public void Close()
        {
        }
    }

    private sealed class OfWindow(Told told) : ProcessWindowFunction<int, int, int, TimeWindow>, ICheckpointedFunction
    {
        public override void Process(int key, Context context, IEnumerable<int> elements, ICollector<int> output) =>
            output.Emit(key);

        public void SnapshotState() => told.Count++;
    }

    private sealed class OfAll(Told told) : ProcessAllWindowFunction<int, int, TimeWindow>, ICheckpointedFunction
    {
        public override void Process(Context context, IEnumerable<int> elements, ICollector<int> output) =>
            output.Emit(0);

        public void SnapshotState() => told.Count++;
    }

    private sealed class Asynchronous(Told told) : AsyncFunction<int, int>, ICheckpointedFunction
    {
        public override ValueTask InvokeAsync(
            int value, ICollector<int> output, CancellationToken cancellationToken) => default;

        public void SnapshotState() => told.Count++;
    }

    private sealed class Lookup(Told told) : LookupFunction<int, int>, ICheckpointedFunction
    {
        public override ValueTask<IReadOnlyList<int>> LookupAsync(int key, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<int>>([]);

        public void SnapshotState() => told.Count++;
    }
}
