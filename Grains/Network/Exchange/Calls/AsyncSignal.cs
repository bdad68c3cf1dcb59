using System.Threading.Tasks.Sources;

namespace Millrace.Network.Exchange.Calls;

/// <summary>Wakes one waiter. Set any number of times from any thread, it is seen once; never lost.</summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int Unset = 0;
    private const int Set = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _waiter = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Makes the present or next wait end.</summary>
    public void Raise()
    {
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Unset:
                    if (Interlocked.CompareExchange(ref _state, Set, Unset) == Unset)
                    {
                        return;
                    }

                    break;
                case Waiting:
                    if (Interlocked.CompareExchange(ref _state, Unset, Waiting) == Waiting)
                    {
                        _waiter.SetResult(true);
                        return;
                    }

                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Ends when the signal is raised, or at once when it was since the last wait. One waiter at a
    /// time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Unset, Set) == Set)
        {
            return ValueTask.CompletedTask;
        }

        _waiter.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Unset) != Unset)
        {
            Volatile.Write(ref _state, Unset);
            return ValueTask.CompletedTask;
        }

        return new ValueTask(this, _waiter.Version);
    }

    void IValueTaskSource.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);
}
