namespace Millrace.Joins.Windows;

/// <summary>A record of one of two streams, on its way into the windows of both.</summary>
/// <param name="IsRight">Whether it comes from the second stream.</param>
/// <param name="Left">The record, if it comes from the first one.</param>
/// <param name="Right">The record, if it comes from the second one.</param>
internal readonly record struct JoinSide<TLeft, TRight>(bool IsRight, TLeft? Left, TRight? Right);
