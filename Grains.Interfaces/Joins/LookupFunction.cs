using Millrace.Functions;

namespace Millrace.Joins;

/// <summary>Finds the rows of a key in something outside: a table of a database, a service.</summary>
/// <remarks>A function object belongs to one subtask attempt, whose loop calls all of its members; many keys may be
/// under way at a time. What <see cref="LookupAsync"/> does after its first <c>await</c> happens on other threads.
/// Rows may be handed to many records and kept for a while: they are immutable by contract.</remarks>
/// <typeparam name="TKey">The type of the keys; equal as the type's own equality says.</typeparam>
/// <typeparam name="TRow">The type of the rows.</typeparam>
public abstract class LookupFunction<TKey, TRow> : IRichFunction
{
    /// <summary>Before the first key: the place to make a client.</summary>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <summary>After the last key, or after a failure; calls may still be under way then, with their token canceled.
    /// Must not throw on a function that was never opened.</summary>
    public virtual void Close()
    {
    }

    /// <summary>Finds the rows of a key. Must not block. Several records with the key may wait for one call.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="cancellationToken">Canceled when nobody waits for the rows any more.</param>
    /// <returns>The rows, which nobody changes afterwards; empty when there are none. A failure is tried again where
    /// the program asks for that, and fails the job otherwise.</returns>
    public abstract ValueTask<IReadOnlyList<TRow>> LookupAsync(TKey key, CancellationToken cancellationToken);
}
