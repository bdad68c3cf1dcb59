using Millrace.DataStream;
using Millrace.DataStream.Windows;
using Millrace.Functions;
using Millrace.Harnesses;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Windows;

/// <summary>What can be made of windows without keys.</summary>
[TestClass]
public sealed class AllWindowTests
{
    private static readonly OutputTag<long> Late = new("late");

    [TestMethod]
    public void Records_are_combined_by_functions_of_all_forms()
    {
        CollectionAssert.AreEqual(new[] { 3L, 4L }, Run(windows => windows.Reduce((left, right) => left + right)));
        CollectionAssert.AreEqual(new[] { 3L, 4L }, Run(windows => windows.Reduce(new Add())));
        CollectionAssert.AreEqual(
            new[] { "0: 3", "100: 4" },
            Run(windows => windows.Reduce((left, right) => left + right, (window, sum) => $"{window.Start}: {sum}")));
        CollectionAssert.AreEqual(
            new[] { "0: 3 of 1", "100: 4 of 2" }, Run(windows => windows.Reduce(new Add(), new Named<long>())));
        CollectionAssert.AreEqual(
            new[] { "0: 1.5 of 1", "100: 4 of 2" },
            Run(windows => windows.Aggregate(new Mean(), new Named<double>())));
    }

    [TestMethod]
    public void Late_records_go_to_their_side_output()
    {
        using OneInputHarness<long, Keyed<TimeWindow, long>> harness =
            FunctionHarness.Of<long, Keyed<TimeWindow, long>>(
                numbers => Windows(numbers).SideOutputLateData(Late).Count());
        harness.Process(1, timestamp: 10);
        harness.AdvanceWatermark(99);
        harness.Process(2, timestamp: 20);
        harness.Process(3, timestamp: 100);
        harness.Finish();

        CollectionAssert.AreEqual(new[] { 1L, 1L }, harness.Results.Select(result => result.Value).ToArray());
        Assert.AreEqual(new HarnessRecord<long>(2, 20), harness.SideOutput(Late).Single());
    }

    private static AllWindowedStream<long, TimeWindow> Windows(DataStream<long> numbers) =>
        numbers.WindowAll(TumblingEventTimeWindows.Of(TimeSpan.FromMilliseconds(100)));

    private static TOut[] Run<TOut>(Func<AllWindowedStream<long, TimeWindow>, DataStream<TOut>> define)
    {
        using OneInputHarness<long, TOut> harness =
            FunctionHarness.Of<long, TOut>(numbers => define(Windows(numbers)));
        harness.Process(1, timestamp: 10);
        harness.Process(2, timestamp: 99);
        harness.Process(4, timestamp: 100);
        harness.Finish();
        return [.. harness.Results];
    }

    private sealed class Add : IReduceFunction<long>
    {
        public long Reduce(long accumulated, long value) => accumulated + value;
    }

    private sealed class Mean : IAggregateFunction<long, (long Sum, int Count), double>
    {
        public (long Sum, int Count) CreateAccumulator() => default;

        public (long Sum, int Count) Add(long value, (long Sum, int Count) accumulator) =>
            (accumulator.Sum + value, accumulator.Count + 1);

        public double GetResult((long Sum, int Count) accumulator) => (double)accumulator.Sum / accumulator.Count;

        public (long Sum, int Count) Merge((long Sum, int Count) left, (long Sum, int Count) right) =>
            (left.Sum + right.Sum, left.Count + right.Count);
    }

    /// <summary>What comes of a window, with the window, and how many there were so far.</summary>
    private sealed class Named<T> : ProcessAllWindowFunction<T, string, TimeWindow>
    {
        private static readonly ValueStateDescriptor<int> Windows = new("windows");

        public override void Process(Context context, IEnumerable<T> elements, ICollector<string> output)
        {
            IValueState<int> windows = context.GlobalState.GetState(Windows);
            windows.Update(windows.Value + 1);
            output.Emit($"{context.Window.Start}: {elements.Single()} of {windows.Value}");
        }
    }
}
