namespace Millrace.Graph.Windows;

/// <summary>Makes the one result of a key's window. Implemented by structs.</summary>
internal interface IWindowResult<TKey, TWindow, TAccumulator, TOut>
{
    TOut Of(in TKey key, in TWindow window, in TAccumulator accumulator);
}
