namespace Millrace.Joins;

/// <summary>Makes one result of a pair of records.</summary>
/// <remarks>On the subtask's loop; must not block. One that is an <see cref="Functions.IRichFunction"/> is opened and
/// closed.</remarks>
public interface IJoinFunction<TLeft, TRight, TOut>
{
    /// <summary>The result for a pair.</summary>
    TOut Join(TLeft left, TRight right);
}
