using Millrace.Functions;

namespace Millrace.Joins;

/// <summary>Makes any number of results of a pair of records.</summary>
/// <remarks>On the subtask's loop; must not block. One that is an <see cref="IRichFunction"/> is opened and
/// closed.</remarks>
public interface IFlatJoinFunction<TLeft, TRight, TOut>
{
    /// <summary>Emits the results for a pair.</summary>
    void Join(TLeft left, TRight right, ICollector<TOut> output);
}
