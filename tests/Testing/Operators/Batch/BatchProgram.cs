using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Harnesses;
using Millrace.Serialization;
using Millrace.Tasks.Sorting;

namespace Millrace.Operators.Batch;

/// <summary>One operator of a program, made anew as often as it is asked for, as a subtask makes it in batch
/// mode.</summary>
/// <param name="define">The program, which gives the operator's result.</param>
/// <param name="inputs">Number of its inputs.</param>
internal sealed class BatchProgram<TOut>(Func<StreamExecutionEnvironment, DataStream<TOut>> define, int inputs)
{
    private readonly HarnessSettings _settings = new();
    private readonly (StreamNode Node, SerializerSet Serializers) _first = Checked(define, inputs);

    /// <summary>The input that every subtask gets whole, 0 or 1; null for none.</summary>
    public int? BroadcastInput => _first.Node.BroadcastInput;

    /// <summary>A fresh operator.</summary>
    public StreamOperator Create(BatchPlace place, TestOutput<TOut> output)
    {
        var environment = new StreamExecutionEnvironment();
        define(environment);
        StreamNode node = StreamGraph.Of(environment).Nodes[^1];
        HarnessParts<TOut> parts = HarnessParts<TOut>.Of(
            environment, node, _settings, place.Loop, place.Loop.Clock) with
        {
            Serializers = _first.Serializers,
            Output = output,
            Sorts = new SortSupplies(place.Space, _first.Serializers, place.BatchSize, place.Batches),
        };
        return new HarnessBuilder<TOut>(parts).Build(node.Transformation);
    }

    private static (StreamNode Node, SerializerSet Serializers) Checked(
        Func<StreamExecutionEnvironment, DataStream<TOut>> program, int inputs)
    {
        var environment = new StreamExecutionEnvironment();
        DataStream<TOut> result = program(environment);
        return (
            HarnessProgram.NodeOf(environment, result.Transformation, inputs),
            new SerializerSet(environment.Serializers));
    }
}
