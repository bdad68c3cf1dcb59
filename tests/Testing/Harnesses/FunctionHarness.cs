using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Graph;

namespace Millrace.Harnesses;

/// <summary>Runs one operator of a program record by record, with time that moves when the test says so: for tests of
/// functions, without a cluster.</summary>
/// <example>
/// <code>
/// using var harness = FunctionHarness.Of&lt;int, string&gt;(numbers => numbers.KeyBy(x => x).Process(new Mine()));
/// harness.Process(7, timestamp: 100);
/// harness.AdvanceWatermark(200);
/// </code>
/// </example>
public static class FunctionHarness
{
    /// <summary>A harness of one operator behind one stream.</summary>
    /// <param name="define">The operator as a program would define it, with its key before it if it has one.</param>
    /// <param name="settings">Which subtask it is, and what it begins with; null for the only one, from
    /// nothing.</param>
    /// <typeparam name="TIn">The type of the records that come in.</typeparam>
    /// <typeparam name="TOut">The type of the records that go on.</typeparam>
    /// <exception cref="Failures.InvalidProgramGraphException">A program could not be submitted so.</exception>
    /// <exception cref="ArgumentException">What is defined is not one operator.</exception>
    public static OneInputHarness<TIn, TOut> Of<TIn, TOut>(
        Func<DataStream<TIn>, DataStream<TOut>> define, HarnessSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(define);
        var environment = new StreamExecutionEnvironment();
        DataStream<TOut> result = define(Input<TIn>(environment));
        StreamNode node = HarnessProgram.NodeOf(environment, result.Transformation, inputs: 1);
        return new OneInputHarness<TIn, TOut>(environment, node, settings ?? new HarnessSettings());
    }

    /// <summary>A harness of one operator behind two streams.</summary>
    /// <param name="define">The operator as a program would define it, with keys and a broadcast before it if it has
    /// them.</param>
    /// <param name="settings">Which subtask it is, and what it begins with; null for the only one, from
    /// nothing.</param>
    /// <typeparam name="TLeft">The type of the records of the first stream.</typeparam>
    /// <typeparam name="TRight">The type of the records of the second stream.</typeparam>
    /// <typeparam name="TOut">The type of the records that go on.</typeparam>
    /// <exception cref="Failures.InvalidProgramGraphException">A program could not be submitted so.</exception>
    /// <exception cref="ArgumentException">What is defined is not one operator with both streams as its
    /// inputs.</exception>
    public static TwoInputHarness<TLeft, TRight, TOut> Of<TLeft, TRight, TOut>(
        Func<DataStream<TLeft>, DataStream<TRight>, DataStream<TOut>> define, HarnessSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(define);
        var environment = new StreamExecutionEnvironment();
        DataStream<TOut> result = define(Input<TLeft>(environment), Input<TRight>(environment));
        StreamNode node = HarnessProgram.NodeOf(environment, result.Transformation, inputs: 2);
        return new TwoInputHarness<TLeft, TRight, TOut>(environment, node, settings ?? new HarnessSettings());
    }

    // With timestamps, so that whatever goes by event time can stand behind it.
    internal static DataStream<T> Input<T>(StreamExecutionEnvironment environment) => environment
        .FromElements<T>()
        .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<T>()
            .WithTimestampAssigner((_, known) => known));
}
