using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Harnesses;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.Operators;

/// <summary>One operator of a program, made anew as often as it is asked for.</summary>
/// <param name="define">The program, which gives the operator's result.</param>
internal sealed class VerifiedProgram<TIn, TOut>(Func<DataStream<TIn>, DataStream<TOut>> define)
{
    private readonly HarnessSettings _settings = new();
    private readonly (StreamNode Node, SerializerSet Serializers) _first = Checked(define);

    /// <summary>All key groups.</summary>
    public KeyGroupRange All => new(0, _settings.MaxParallelism);

    /// <summary>The key group of a record, or null where there are no keys.</summary>
    public Func<TIn, int>? KeyGroupOf =>
        HarnessKeys<TIn>.Of(_first.Node.Inputs[0], _first.Serializers, _settings).KeyGroupOf;

    /// <summary>A fresh operator.</summary>
    /// <param name="range">Its key groups.</param>
    /// <param name="output">Takes its results.</param>
    public StreamOperator<TIn> Create(KeyGroupRange range, Output<TOut> output)
    {
        var environment = new StreamExecutionEnvironment();
        define(FunctionHarness.Input<TIn>(environment));
        StreamNode node = StreamGraph.Of(environment).Nodes[^1];
        var loop = new TestLoop();
        HarnessParts<TOut> parts = HarnessParts<TOut>.Of(environment, node, _settings, loop, loop.Clock) with
        {
            Serializers = _first.Serializers,
            Output = (TestOutput<TOut>)output,
            Range = range,
        };
        return (StreamOperator<TIn>)new HarnessBuilder<TOut>(parts).Build(node.Transformation);
    }

    private static (StreamNode Node, SerializerSet Serializers) Checked(
        Func<DataStream<TIn>, DataStream<TOut>> program)
    {
        var environment = new StreamExecutionEnvironment();
        DataStream<TOut> result = program(FunctionHarness.Input<TIn>(environment));
        return (
            HarnessProgram.NodeOf(environment, result.Transformation, inputs: 1),
            new SerializerSet(environment.Serializers));
    }
}
