using System.Diagnostics.CodeAnalysis;

namespace Millrace.State;

/// <summary>A value as a backend keeps it, for states of our own that stand on it and hand nothing out.</summary>
internal interface IKeptValue<T> : IValueState<T>
{
    /// <summary>Reads the value without a copy. It may be changed only to be handed to <see cref="Keep"/> at once.
    /// </summary>
    bool TryBorrow([MaybeNullWhen(false)] out T value) => TryGet(out value);

    /// <summary>Sets the value without a copy: it belongs to the state from now on.</summary>
    void Keep(T value) => Update(value);
}
