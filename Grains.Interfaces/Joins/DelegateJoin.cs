namespace Millrace.Joins;

/// <summary>A delegate as a join function.</summary>
internal readonly struct DelegateJoin<TLeft, TRight, TOut>(Func<TLeft, TRight, TOut> function)
    : IJoinFunction<TLeft, TRight, TOut>
{
    public TOut Join(TLeft left, TRight right) => function(left, right);
}
