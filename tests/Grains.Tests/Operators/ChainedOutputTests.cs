using Microsoft.Extensions.Time.Testing;
using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Operators.Steps;

namespace Millrace.Operators;

/// <summary>Batches between two operators of a chain.</summary>
[TestClass]
public sealed class ChainedOutputTests
{
    // The second batch comes while the first one waits, and the function throws when it gets its turn: each batch still
    // goes back once.
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Whatever_a_later_operator_throws_each_batch_is_given_back_once(int bad)
    {
        var account = new BatchAccount();
        var clock = new RoundClock(new FakeTimeProvider());
        clock.Begin();
        bool isAvailable = false;
        var map = new StepOperator<int, int, MapStep<int, int, DelegateMap<int, int>>>(
            ["Map"],
            new(new(value => value == bad ? throw new FormatException() : value)),
            new TestOutput<int>(8, _ => isAvailable));
        var input = new OperatorInput<int>(map, clock, new ChainFailure());
        var output = new ChainedOutput<int>(new BatchPool<int>(2, BatchLayout.None, account), input);
        output.Emit(0);
        output.Emit(1);

        isAvailable = true;
        bool threw = false;
        try
        {
            output.Emit(2);
            output.Emit(3);
            input.Run();
        }
        catch (FormatException)
        {
            threw = true;
        }

        Assert.IsTrue(threw);
        output.Dispose();
        input.Dispose();
        map.Dispose();
        Assert.AreEqual(0, account.Outstanding);
    }
}
