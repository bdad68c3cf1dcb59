using System.Diagnostics.CodeAnalysis;

namespace Millrace.State;

/// <summary>A single value for the current key.</summary>
/// <remarks>
/// On the subtask's loop, while a record or timer with a key is at work. What is read belongs to the caller: changing
/// it changes nothing that is kept, unless it is handed to <see cref="Update"/>. What is handed in may be changed
/// afterwards without effect.
/// </remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public interface IValueState<T>
{
    /// <summary>The value; where there is none, the descriptor's default or the type's.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    T? Value { get; }

    /// <summary>Whether a value was set and has neither been cleared nor expired.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    bool HasValue { get; }

    /// <summary>Reads the value if there is one, in one access.</summary>
    /// <param name="value">The value, or the type's default where there is none.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    bool TryGet([MaybeNullWhen(false)] out T value);

    /// <summary>Sets the value.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Update(T value);

    /// <summary>Removes the value.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Clear();
}
