namespace Millrace.Functions;

/// <summary>One record in, one record out. As a struct it is inlined into the loop over a batch.</summary>
public interface IMapFunction<in TIn, out TOut>
{
    /// <summary>Maps one record. On the subtask's loop; must not block.</summary>
    TOut Map(TIn value);
}
