using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Async;
using Millrace.Graph.Connecting;
using Millrace.Graph.Processing;
using Millrace.Graph.Windows;
using Millrace.Operators;
using Millrace.Operators.EventTime;
using Millrace.Operators.Keyed;
using Millrace.Operators.Process;
using Millrace.Operators.Steps;
using Millrace.Operators.Windows;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.OperatorStates;
using Millrace.Tasks.Async;
using Millrace.Tasks.Connected;

namespace Millrace.Harnesses;

/// <summary>Builds the operator of a harness, as a subtask would in streaming mode, or, where there is something to
/// sort with, in batch mode.</summary>
#pragma warning disable CA1001 // What it builds is its harness's.
internal sealed class HarnessBuilder<TResult>(HarnessParts<TResult> parts) : IOperatorFactory
#pragma warning restore CA1001
{
    private StreamOperator? _built;

    /// <summary>The operator that a transformation stands for.</summary>
    public StreamOperator Build(Transformation transformation)
    {
        transformation.Accept(this);
        return _built!;
    }

    public void Map<TIn, TOut, TFunction>(MapTransformation<TIn, TOut, TFunction> transformation)
        where TFunction : IMapFunction<TIn, TOut> =>
        _built = new StepOperator<TIn, TOut, MapStep<TIn, TOut, TFunction>>(
            [parts.Name], new MapStep<TIn, TOut, TFunction>(transformation.Function), Output<TOut>());

    public void Filter<T, TFunction>(FilterTransformation<T, TFunction> transformation)
        where TFunction : IFilterFunction<T> =>
        _built = new StepOperator<T, T, FilterStep<T, TFunction>>(
            [parts.Name], new FilterStep<T, TFunction>(transformation.Function), Output<T>());

    public void FlatMap<TIn, TOut>(FlatMapTransformation<TIn, TOut> transformation) =>
        _built = new FlatMapOperator<TIn, TOut>(
            parts.Name, transformation.Function, OperatorState(), Output<TOut>());

    public void ExpandMany<TIn, TOut>(ExpandTransformation<TIn, TOut> transformation) =>
        _built = new ExpandOperator<TIn, TOut>(
            parts.Name, transformation.Function, parts.Clock, Output<TOut>());

    public void AssignTimestamps<T>(TimestampsTransformation<T> transformation) =>
        _built = new TimestampsOperator<T>(
            parts.Name,
            transformation.Strategy,
            new WatermarkTools(parts.Loop, parts.Clock, TimeSpan.Zero, OnlyFinal: IsBatch),
            Output<T>());

    public void KeyedFold<TKey, TIn, TAccumulator, TOut, TFold>(
        KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> transformation)
        where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut> =>
        _built = parts.Order.Of(
            new KeyedFoldOperator<TKey, TIn, TAccumulator, TOut, TFold>(
                transformation, State<TKey>(), emitAtEnd: IsBatch, Output<TOut>()),
            transformation.KeySelector);

    public void Process<TIn, TOut>(ProcessTransformation<TIn, TOut> transformation) =>
        _built = new ProcessOperator<TIn, TOut>(
            parts.Name, transformation.Function, OperatorState(), parts.Loop.Time, Output<TOut>(), parts.Sides);

    public void KeyedProcess<TKey, TIn, TOut>(KeyedProcessTransformation<TKey, TIn, TOut> transformation) =>
        _built = parts.Order.Of(
            new KeyedProcessOperator<TKey, TIn, TOut>(
                transformation, State<TKey>(), parts.Loop, parts.Clock, Output<TOut>(), parts.Sides),
            transformation.KeySelector);

    public void Async<TIn, TOut>(AsyncTransformation<TIn, TOut> transformation) =>
        _built = new AsyncBuilder<TIn, TOut>(
            transformation, OperatorState(), parts.Loop, parts.Clock, Output<TOut>()).Build();

    public void TwoInputs<TLeft, TRight, TOut>(TwoInputTransformation<TLeft, TRight, TOut> transformation)
    {
        var builder = new TwoInputBuilder<TLeft, TRight, TOut>(
            parts.Name,
            parts.State,
            parts.Loop,
            parts.Clock,
            Output<TOut>(),
            parts.Sides,
            new TwoInputPlace(StateEnvironment.Memory, Backend: null, parts.Order));
        transformation.Accept(builder);
        _built = builder.Built;
    }

    public void Windows<TKey, TIn, TOut>(WindowTransformation<TKey, TIn, TOut> transformation)
    {
        var builder = new WindowBuilder<TKey, TIn, TOut>(new WindowOperatorParts<TKey, TOut>(
            State<TKey>(), parts.Loop, parts.Clock, Output<TOut>(), parts.Sides));
        transformation.Accept(builder);
        _built = parts.Order.Of(builder.Built, transformation.KeySelector);
    }

    public void Source<T>(SourceTransformation<T> transformation) => throw NotInside();

    public void Elements<T>(ElementsTransformation<T> transformation) => throw NotInside();

    public void Sink<T>(SinkTransformation<T> transformation) => throw NotInside();

    private bool IsBatch => parts.Sorts is not null;

    private ArgumentException NotInside() => new(
        $"'{parts.Name}' is no operator between a source and a sink: sources and sinks have verifiers of their own.");

    private HeapStateBackend<TKey> State<TKey>() => new(parts.State);

    private OperatorStateBackend OperatorState() => new(parts.Name, parts.Serializers);

    // The operator's result is the harness's: the program could not be typed otherwise.
    private Output<TOut> Output<TOut>() => (Output<TOut>)(object)parts.Output;
}
