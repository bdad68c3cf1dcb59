namespace Millrace.DataStream;

/// <summary>A key with the result for it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The result.</param>
public readonly record struct Keyed<TKey, TValue>(TKey Key, TValue Value);
