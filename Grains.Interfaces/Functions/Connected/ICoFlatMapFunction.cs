namespace Millrace.Functions.Connected;

/// <summary>Turns each record of two streams into any number of a third type.</summary>
/// <remarks>On the subtask's loop; must not block. One that is an <see cref="IRichFunction"/> is opened and closed, and
/// has state by key where the streams are keyed. A call is one unit of work.</remarks>
public interface ICoFlatMapFunction<TLeft, TRight, TOut>
{
    /// <summary>Emits the results for a record of the first stream.</summary>
    void FlatMapLeft(TLeft value, ICollector<TOut> output);

    /// <summary>Emits the results for a record of the second stream.</summary>
    void FlatMapRight(TRight value, ICollector<TOut> output);
}
