using Millrace.Functions;

namespace Millrace.Joins;

/// <summary>Makes any number of results of what two streams have for a key in a window.</summary>
/// <remarks>On the subtask's loop; must not block. One that is an <see cref="IRichFunction"/> is opened and
/// closed.</remarks>
public interface ICoGroupFunction<TLeft, TRight, TOut>
{
    /// <summary>Emits the results of a window.</summary>
    /// <param name="left">Its records of the first stream, in the order they came; may be empty. Valid during the call
    /// only.</param>
    /// <param name="right">Its records of the second stream, in the order they came; may be empty, but not both. Valid
    /// during the call only.</param>
    /// <param name="output">Takes the results; valid during the call only.</param>
    void CoGroup(IReadOnlyList<TLeft> left, IReadOnlyList<TRight> right, ICollector<TOut> output);
}
