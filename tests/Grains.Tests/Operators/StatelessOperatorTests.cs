using Microsoft.Extensions.Time.Testing;
using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Operators.Steps;
using Millrace.Serialization;

namespace Millrace.Operators;

[TestClass]
[Verifies(typeof(StepOperator<,,>))]
[Verifies(typeof(FlatMapOperator<,>))]
[Verifies(typeof(ExpandOperator<,>))]
public sealed class StatelessOperatorTests
{
    private static readonly int[] Input = [.. Enumerable.Range(0, 100)];

    [TestMethod]
    public void Map_gives_one_result_for_each_record_however_it_is_run() =>
        OperatorVerifier.Verify(
            output => Map<int, string, DelegateMap<int, string>>(new(value => $"<{value}>"), output),
            Input,
            [.. Input.Select(value => $"<{value}>")]);

    [TestMethod]
    public void A_struct_function_keeps_what_it_counts_between_batches() =>
        OperatorVerifier.Verify(
            output => Map<int, int, RunningSum>(default, output),
            Input,
            [.. Input.Select(value => value * (value + 1) / 2)],
            restores: false);

    [TestMethod]
    public void Filter_keeps_the_records_the_function_wants_however_it_is_run()
    {
        foreach (int divisor in new[] { 1, 2, 7, 1_000 })
        {
            OperatorVerifier.Verify(
                output => Filter<int, DelegateFilter<int>>(new(value => value % divisor == 0), output),
                Input,
                [.. Input.Where(value => value % divisor == 0)]);
        }
    }

    [TestMethod]
    public void FlatMap_gives_everything_its_function_collects() =>
        OperatorVerifier.Verify(
            output => new FlatMapOperator<int, int>(
                "FlatMap", new Repeat(), new("FlatMap", new SerializerSet()), output),
            [0, 1, 2, 30, 0, 5],
            [1, 2, 2, .. Enumerable.Repeat(30, 30), .. Enumerable.Repeat(5, 5)]);

    [TestMethod]
    public void Expanding_stops_in_the_middle_of_a_sequence_and_goes_on_there() =>
        OperatorVerifier.Verify(
            output => new ExpandOperator<int, int>("FlatMap", count => Enumerable.Range(0, count), Still(), output),
            [0, 3, 0, 50, 1],
            [0, 1, 2, .. Enumerable.Range(0, 50), 0]);

    // A sequence without an end must be held back by a full output, not fill the memory.
    [TestMethod]
    public void An_endless_sequence_gives_no_more_than_the_output_takes()
    {
        var output = new TestOutput<int>(4, asked => asked < 10);
        using var step = new ExpandOperator<int, int>("FlatMap", _ => Endless(), Still(), output);
        using var batches = new TestBatches<int>(1);

        int next = step.Process(batches.Of(1), 0, 1);

        Assert.AreEqual(0, next, "the record is not done");
        step.EndRound();
        Assert.HasCount(10, output.Records);
    }

    [TestMethod]
    public void A_sequence_that_is_null_is_refused_by_name()
    {
        var output = new TestOutput<int>(4, _ => true);
        using var step = new ExpandOperator<int, int>("Split", _ => null!, Still(), output);
        using var batches = new TestBatches<int>(1);

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => step.Process(batches.Of(1), 0, 1));

        StringAssert.Contains(error.Message, "'Split'");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(57)]
    [DataRow(99)]
    public void The_record_whose_function_threw_is_known(int bad)
    {
        using var batches = new TestBatches<int>(100);
        using StreamOperator<int> map = Map<int, int, DelegateMap<int, int>>(
            new(value => value == bad ? throw new FormatException() : value), new TestOutput<int>(8, _ => true));
        using StreamOperator<int> filter = Filter<int, DelegateFilter<int>>(
            new(value => value == bad ? throw new FormatException() : true), new TestOutput<int>(8, _ => true));

        Assert.ThrowsExactly<FormatException>(() => map.Process(batches.Of(Input), 0, 100));
        Assert.ThrowsExactly<FormatException>(() => filter.Process(batches.Of(Input), 0, 100));

        Assert.AreEqual(bad, map.Record);
        Assert.AreEqual(bad, filter.Record);
    }

    private static StepOperator<TIn, TOut, MapStep<TIn, TOut, TFunction>> Map<TIn, TOut, TFunction>(
        TFunction function, Output<TOut> output)
        where TFunction : IMapFunction<TIn, TOut> =>
        new(["Map"], new MapStep<TIn, TOut, TFunction>(function), output);

    private static StepOperator<T, T, FilterStep<T, TFunction>> Filter<T, TFunction>(
        TFunction function, Output<T> output)
        where TFunction : IFilterFunction<T> =>
        new(["Filter"], new FilterStep<T, TFunction>(function), output);

    // A round that lasts as long as nobody moves the clock.
    private static RoundClock Still()
    {
        var clock = new RoundClock(new FakeTimeProvider());
        clock.Begin();
        return clock;
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++)
        {
            yield return i;
        }
    }

    private struct RunningSum : IMapFunction<int, int>
    {
        private int _sum;

        public int Map(int value) => _sum += value;
    }

    private sealed class Repeat : IFlatMapFunction<int, int>
    {
        public void FlatMap(int value, ICollector<int> collector)
        {
            for (int i = 0; i < value; i++)
            {
                collector.Emit(value);
            }
        }
    }
}
