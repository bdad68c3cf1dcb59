using Millrace.Batches;
using Millrace.EventTime;

namespace Millrace.Operators.EventTime;

[TestClass]
[Verifies(typeof(TimestampsOperator<>))]
public sealed class TimestampsOperatorTests
{
    private static readonly long[] Input = [.. Enumerable.Range(0, 300).Select(i => (i * 10L) + (i % 4 * 7))];

    private readonly TestLoop _loop = new();

    [TestMethod]
    public void Records_pass_as_they_are_with_the_watermarks_made_here() =>
        OperatorVerifier.Verify(
            output => Operator(output, WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(21))
                .WithTimestampAssigner(record => record)),
            Input,
            Input,
            makesTime: true);

    [TestMethod]
    public void What_was_known_of_time_before_ends_here_but_for_its_end()
    {
        using var output = new TestOutput<long>(16, _ => true, hasTimestamps: true);
        using TimestampsOperator<long> step = Operator(output, WatermarkStrategy.NoWatermarks<long>());
        step.Open(_ => null!);

        Assert.IsTrue(step.Advance(77));
        step.Change(WatermarkStatus.Idle);
        step.EndRound();
        Assert.HasCount(0, output.Watermarks);
        Assert.HasCount(0, output.Controls);
        Assert.IsTrue(step.Advance(long.MaxValue));
        step.EndRound();
        CollectionAssert.AreEqual(new[] { (long.MaxValue, 0) }, output.Watermarks);
    }

    private TimestampsOperator<long> Operator(Output<long> output, WatermarkStrategy<long> strategy) =>
        new("Timestamps", strategy, new WatermarkTools(_loop, _loop.Clock, TimeSpan.Zero, OnlyFinal: false), output);
}
