namespace Millrace.Functions;

/// <summary>One record in, any number out.</summary>
public interface IFlatMapFunction<in TIn, TOut>
{
    /// <summary>Handles one record. On the subtask's loop; must not block.</summary>
    /// <param name="value">The record.</param>
    /// <param name="collector">Takes the results; valid during the call only.</param>
    void FlatMap(TIn value, ICollector<TOut> collector);
}
