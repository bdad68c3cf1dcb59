using System.Collections.Concurrent;

namespace Millrace.Tasks;

/// <summary>
/// The way into a subtask's loop: actions that run on it between two rounds, in the order they were put in.
/// </summary>
/// <remarks>Bounded by what puts mail in: one letter for each start, stop, and answer that is awaited.</remarks>
internal sealed class TaskMailbox
{
    private readonly ConcurrentQueue<Action> _mail = new();
    private int _count;

    /// <summary>Whether there is no mail.</summary>
    public bool IsEmpty => _mail.IsEmpty;

    /// <summary>Letters not yet read; from any thread, a little behind.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>From any thread; then the loop is woken.</summary>
    public void Put(Action mail)
    {
        Interlocked.Increment(ref _count);
        _mail.Enqueue(mail);
    }

    /// <summary>On the loop.</summary>
    public void RunAll()
    {
        while (_mail.TryDequeue(out Action? mail))
        {
            Interlocked.Decrement(ref _count);
            mail();
        }
    }
}
