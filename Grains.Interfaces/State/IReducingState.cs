namespace Millrace.State;

/// <summary>A single value for the current key, into which others are combined.</summary>
/// <remarks>On the subtask's loop, while a record or timer with a key is at work.</remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IReducingState<T>
{
    /// <summary>Whether anything was added since the last clearing.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    bool HasValue { get; }

    /// <summary>What was combined so far; the type's default when nothing was.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    T? Value { get; }

    /// <summary>Combines a value into the one that is kept; the first one is kept as it is.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Add(T value);

    /// <summary>Removes the value.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Clear();
}
