using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Operators.Steps;

namespace Millrace.Operators;

/// <summary>Maps and filters that became one operator.</summary>
[TestClass]
[Verifies(typeof(StepOperator<,,>))]
[Verifies(typeof(SelectOperator<,,,>))]
public sealed class StepOperatorTests
{
    private static readonly int[] Input = [.. Enumerable.Range(0, 700)];

    // A filter or none, some maps, a filter or none: what becomes one operator must do what each of them does, in turn.
    [TestMethod]
    public void Steps_in_one_loop_do_what_they_do_one_by_one()
    {
        foreach (bool begins in new[] { false, true })
        {
            foreach (bool ends in new[] { false, true })
            {
                for (int maps = ends ? 0 : 1; maps <= 5; maps++)
                {
                    Verify(begins, maps, ends);
                }
            }
        }
    }

    [TestMethod]
    public void A_loop_has_eight_functions_at_most()
    {
        using StreamOperator<int> eight = Joined(false, maps: 8, false, new TestOutput<int>(8, _ => true));

        Assert.IsNull(eight.BehindMap<int, DelegateMap<int, int>>("Map", new(value => value)));
        Assert.IsNull(eight.BehindFilter<DelegateFilter<int>>("Filter", new(value => true)));
    }

    [TestMethod]
    public void A_filter_is_always_the_first_or_the_last_of_a_loop()
    {
        using StreamOperator<int> filtered = Joined(true, maps: 1, false, new TestOutput<int>(8, _ => true));

        Assert.IsNull(filtered.BehindMap<int, DelegateMap<int, int>>("Map", new(value => value)));
        Assert.IsNull(filtered.BehindFilter<DelegateFilter<int>>("Filter", new(value => true)));
    }

    [TestMethod]
    [DataRow(0, "First")]
    [DataRow(1, "Second")]
    [DataRow(2, "Third")]
    public void Of_joined_operators_the_one_that_threw_is_named(int bad, string name)
    {
        StreamOperator<int> last = new StepOperator<int, int, MapStep<int, int, DelegateMap<int, int>>>(
            ["Third"], new(new(Throws(2))), new TestOutput<int>(8, _ => true));
        StreamOperator<int> two = last.BehindMap<int, DelegateMap<int, int>>("Second", new(Throws(1)))!;
        using StreamOperator<int> all = two.BehindFilter<DelegateFilter<int>>("First", new(x => Throws(0)(x) >= 0))!;
        using var batches = new TestBatches<int>(100);

        Assert.ThrowsExactly<FormatException>(() => all.Process(batches.Of([.. Enumerable.Range(0, 100)]), 10, 90));

        Assert.AreEqual(name, all.FailedName);
        Assert.AreEqual(57, all.Record);

        Func<int, int> Throws(int at) => value => at == bad && value == 57 ? throw new FormatException() : value;
    }

    [TestMethod]
    public void Joined_functions_are_opened_from_the_last_to_the_first_and_all_closed()
    {
        List<string> log = [];
        StreamOperator<int> last = new StepOperator<int, int, MapStep<int, int, Logged>>(
            ["Third"], new(new Logged(log)), new TestOutput<int>(8, _ => true));
        StreamOperator<int> two = last.BehindMap<int, Logged>("Second", new Logged(log))!;
        StreamOperator<int> all = two.BehindFilter("First", new Logged(log))!;

        all.Open(name => new TestRuntimeContext { Operator = name });
        all.Dispose();

        CollectionAssert.AreEqual(
            new[] { "open Third", "open Second", "open First", "close First", "close Second", "close Third" }, log);
    }

    [TestMethod]
    [DataRow("First")]
    [DataRow("Second")]
    [DataRow("Third")]
    public void Of_joined_operators_the_one_that_could_not_be_opened_is_named(string bad)
    {
        StreamOperator<int> last = new StepOperator<int, int, MapStep<int, int, Unopened>>(
            ["Third"], new(new Unopened(bad)), new TestOutput<int>(8, _ => true));
        StreamOperator<int> two = last.BehindMap<int, Unopened>("Second", new Unopened(bad))!;
        using StreamOperator<int> all = two.BehindFilter("First", new Unopened(bad))!;

        Assert.ThrowsExactly<FormatException>(() => all.Open(name => new TestRuntimeContext { Operator = name }));

        Assert.AreEqual(bad, all.FailedName);
    }

    private static void Verify(bool begins, int maps, bool ends)
    {
        IEnumerable<int> expected = begins ? Input.Where(Odd) : Input;
        for (int i = maps; i > 0; i--)
        {
            int add = i;
            expected = expected.Select(value => (value * 3) + add);
        }

        OperatorVerifier.Verify(
            output => Joined(begins, maps, ends, output), Input, [.. ends ? expected.Where(Odd) : expected]);
    }

    private static bool Odd(int value) => value % 2 != 0;

    // As the builder of chains does: from the last to the first.
    private static StreamOperator<int> Joined(bool begins, int maps, bool ends, Output<int> output)
    {
        StreamOperator<int> joined = ends
            ? new StepOperator<int, int, FilterStep<int, DelegateFilter<int>>>(["Filter"], new(new(Odd)), output)
            : MapAlone(1, output);
        for (int i = ends ? 1 : 2; i <= maps; i++)
        {
            int add = i;
            joined = joined.BehindMap<int, DelegateMap<int, int>>("Map", new(value => (value * 3) + add))!;
        }

        return begins ? joined.BehindFilter<DelegateFilter<int>>("Filter", new(Odd))! : joined;
    }

    private static StepOperator<int, int, MapStep<int, int, DelegateMap<int, int>>> MapAlone(
        int add, Output<int> output) => new(["Map"], new(new(value => (value * 3) + add)), output);

    private sealed class Unopened(string bad) : IMapFunction<int, int>, IFilterFunction<int>, IRichFunction
    {
        public int Map(int value) => value;

        public bool Filter(int value) => true;

        public void Open(RuntimeContext context)
        {
            if (context.OperatorName == bad)
            {
                throw new FormatException();
            }
        }

        public void Close()
        {
        }
    }

    private sealed class Logged(List<string> log) : IMapFunction<int, int>, IFilterFunction<int>, IRichFunction
    {
        private string _name = "";

        public int Map(int value) => value;

        public bool Filter(int value) => true;

        public void Open(RuntimeContext context)
        {
            _name = context.OperatorName;
            log.Add($"open {_name}");
        }

        public void Close() => log.Add($"close {_name}");
    }
}
