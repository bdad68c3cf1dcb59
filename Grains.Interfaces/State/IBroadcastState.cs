using System.Diagnostics.CodeAnalysis;

namespace Millrace.State;

/// <summary>A map that every subtask of an operator holds in full, as functions may read it that must not change
/// it.</summary>
/// <remarks>On the subtask's loop; an enumeration, which has no particular order, ends before the map changes. What is
/// read belongs to the caller: changing it changes nothing that is kept.</remarks>
/// <typeparam name="TKey">The type of the map's keys.</typeparam>
/// <typeparam name="TValue">The type of the map's values.</typeparam>
public interface IReadOnlyBroadcastState<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    /// <summary>Number of entries.</summary>
    int Count { get; }

    /// <summary>Reads the value of an entry if there is one.</summary>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Whether there is an entry.</summary>
    bool Contains(TKey key);
}

/// <summary>A map that every subtask of an operator holds in full.</summary>
/// <remarks>
/// Each subtask has its own copy, and nothing is sent between them: they stay the same because each makes the same
/// changes, from records that all of them get, whatever their order. After a restart a subtask takes over the copy of
/// any one of them. Used as <see cref="IReadOnlyBroadcastState{TKey,TValue}"/> says.
/// </remarks>
/// <typeparam name="TKey">The type of the map's keys. They compare as keys of streams do: by what they are made
/// of.</typeparam>
/// <typeparam name="TValue">The type of the map's values.</typeparam>
public interface IBroadcastState<TKey, TValue> : IReadOnlyBroadcastState<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Sets the value of an entry.</summary>
    void Put(TKey key, TValue value);

    /// <summary>Removes an entry.</summary>
    /// <returns>Whether there was one.</returns>
    bool Remove(TKey key);

    /// <summary>Removes all entries.</summary>
    void Clear();
}
