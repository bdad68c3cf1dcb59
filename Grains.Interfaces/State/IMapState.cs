using System.Diagnostics.CodeAnalysis;

namespace Millrace.State;

/// <summary>A map for the current key.</summary>
/// <remarks>
/// On the subtask's loop, while a record or timer with a key is at work; also an enumeration, which has no particular
/// order, ends before the key changes or the map does. What is read belongs to the caller: changing it changes nothing
/// that is kept.
/// </remarks>
/// <typeparam name="TKey">The type of the map's own keys. They compare as keys of streams do: by what they are made
/// of.</typeparam>
/// <typeparam name="TValue">The type of the map's values.</typeparam>
public interface IMapState<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    /// <summary>Number of entries. With a time to live, all entries are looked at.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    int Count { get; }

    /// <summary>The value of an entry.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    TValue this[TKey key] { get; set; }

    /// <summary>Reads the value of an entry if there is one.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Whether there is an entry.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    bool Contains(TKey key);

    /// <summary>Removes an entry.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    bool Remove(TKey key);

    /// <summary>Removes all entries.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void Clear();
}
