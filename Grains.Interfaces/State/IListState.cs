namespace Millrace.State;

/// <summary>A list for the current key, in the order in which elements were added.</summary>
/// <remarks>
/// On the subtask's loop, while a record or timer with a key is at work; also an enumeration ends before the key
/// changes or the list does. Elements that are read belong to the caller: changing one changes nothing that is kept.
/// </remarks>
/// <typeparam name="T">The type of the elements.</typeparam>
public interface IListState<T> : IReadOnlyList<T>
{
    /// <summary>Appends an element.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Add(T element);

    /// <summary>Appends elements.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void AddAll(IEnumerable<T> elements);

    /// <summary>Replaces the whole list.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Update(IEnumerable<T> elements);

    /// <summary>Removes all elements.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Clear();
}
