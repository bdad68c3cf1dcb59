namespace Millrace.State;

/// <summary>An accumulator for the current key, into which values are added.</summary>
/// <remarks>On the subtask's loop, while a record or timer with a key is at work.</remarks>
/// <typeparam name="TIn">The type of the values added.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
public interface IAggregatingState<TIn, TOut>
{
    /// <summary>Whether anything was added since the last clearing.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    bool HasValue { get; }

    /// <summary>The result of what was added so far; the type's default when nothing was.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    TOut? Value { get; }

    /// <summary>Adds a value.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Add(TIn value);

    /// <summary>Removes the accumulator.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Clear();
}
