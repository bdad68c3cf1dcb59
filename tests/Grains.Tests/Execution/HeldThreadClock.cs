namespace Millrace.Execution;

/// <summary>Holds a worker between the end of a loop's round and its own bookkeeping, where it reads its
/// clock.</summary>
internal sealed class HeldThreadClock : ThreadClock, IDisposable
{
    [ThreadStatic]
    private static bool Holds;

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();

    /// <summary>Ends when a thread is held.</summary>
    public Task Held => _held.Task;

    /// <summary>The calling thread is held when it reads the clock next.</summary>
    public void HoldThisThread() => Holds = !_released.IsSet;

    public void Release() => _released.Set();

    public override long Read()
    {
        if (Holds)
        {
            Holds = false;
            _held.TrySetResult();
            _released.Wait();
        }

        return 0;
    }

    public void Dispose() => _released.Dispose();
}
