namespace Millrace.Graph.Connecting;

/// <summary>How the keys of two inputs are taken out of their records.</summary>
internal sealed record CoKeys<TLeft, TRight, TKey>(Func<TLeft, TKey> Left, Func<TRight, TKey> Right);
