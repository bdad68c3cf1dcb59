using Millrace.Functions;
using Millrace.Graph.Async;
using Millrace.Graph.Connecting;
using Millrace.Graph.Processing;
using Millrace.Graph.Windows;

namespace Millrace.Graph;

/// <summary>Builds operators with their exact types: the second half of the double dispatch that
/// <see cref="Transformation.Accept"/> begins.</summary>
internal interface IOperatorFactory
{
    void Source<T>(SourceTransformation<T> transformation);

    void Elements<T>(ElementsTransformation<T> transformation);

    void Map<TIn, TOut, TFunction>(MapTransformation<TIn, TOut, TFunction> transformation)
        where TFunction : IMapFunction<TIn, TOut>;

    void Filter<T, TFunction>(FilterTransformation<T, TFunction> transformation)
        where TFunction : IFilterFunction<T>;

    void AssignTimestamps<T>(TimestampsTransformation<T> transformation);

    void FlatMap<TIn, TOut>(FlatMapTransformation<TIn, TOut> transformation);

    void ExpandMany<TIn, TOut>(ExpandTransformation<TIn, TOut> transformation);

    void KeyedFold<TKey, TIn, TAccumulator, TOut, TFold>(
        KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> transformation)
        where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut>;

    void Process<TIn, TOut>(ProcessTransformation<TIn, TOut> transformation);

    void KeyedProcess<TKey, TIn, TOut>(KeyedProcessTransformation<TKey, TIn, TOut> transformation);

    void TwoInputs<TLeft, TRight, TOut>(TwoInputTransformation<TLeft, TRight, TOut> transformation);

    void Windows<TKey, TIn, TOut>(WindowTransformation<TKey, TIn, TOut> transformation);

    void Async<TIn, TOut>(AsyncTransformation<TIn, TOut> transformation);

    void Sink<T>(SinkTransformation<T> transformation);
}
