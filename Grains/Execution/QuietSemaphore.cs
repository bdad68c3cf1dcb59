namespace Millrace.Execution;

/// <summary>A count that threads wait for asleep, at once.</summary>
/// <remarks>
/// The class library's semaphore first looks again and again for a while. Where all processors have work, that is time
/// taken from those that do it, the one waited for among them.
/// </remarks>
internal sealed class QuietSemaphore
{
    private readonly object _gate = new();
    private int _count;

    /// <summary>Lets so many waiters go on, now or when they come.</summary>
    public void Release(int count = 1)
    {
        lock (_gate)
        {
            _count += count;
            for (int i = 0; i < count; i++)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Waits until there is something left of the count, and takes one of it.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            while (_count == 0)
            {
                Monitor.Wait(_gate);
            }

            _count--;
        }
    }
}
