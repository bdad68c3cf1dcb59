namespace Millrace.Windowing;

/// <summary>The result of a key's window.</summary>
/// <param name="Key">The key.</param>
/// <param name="Window">The window.</param>
/// <param name="Value">The result.</param>
public readonly record struct Windowed<TKey, TWindow, TValue>(TKey Key, TWindow Window, TValue Value);
