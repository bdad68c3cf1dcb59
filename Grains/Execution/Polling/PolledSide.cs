using System.Threading.Tasks.Sources;

namespace Millrace.Execution.Polling;

/// <summary>One direction of a connection, of which one caller at a time waits that it is ready.</summary>
internal sealed class PolledSide : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _cancellation;
    private int _waits;

    /// <summary>Whether somebody waits.</summary>
    public bool IsAwaited => Volatile.Read(ref _waits) != 0;

    /// <summary>Begins to wait; whoever ends that is told afterwards.</summary>
    /// <returns>To be awaited once.</returns>
    public ValueTask Begin(CancellationToken cancellationToken)
    {
        _wait.Reset();
        _cancellation = cancellationToken.UnsafeRegister(
            static (side, token) => ((PolledSide)side!).Fail(new OperationCanceledException(token)), this);

        // A cancellation that came before this found nobody waiting, and is found now.
        Interlocked.Exchange(ref _waits, 1);
        if (cancellationToken.IsCancellationRequested)
        {
            Fail(new OperationCanceledException(cancellationToken));
        }

        return new ValueTask(this, _wait.Version);
    }

    /// <summary>Goes on with whoever waits, if somebody does.</summary>
    /// <param name="here">On the calling thread, or on the pool.</param>
    public void Resume(bool here)
    {
        if (Interlocked.Exchange(ref _waits, 0) != 0)
        {
            _wait.RunContinuationsAsynchronously = !here;
            _wait.SetResult(true);
        }
    }

    /// <summary>Ends the wait, if somebody waits; he goes on on the pool.</summary>
    public void Fail(Exception reason)
    {
        if (Interlocked.Exchange(ref _waits, 0) != 0)
        {
            _wait.RunContinuationsAsynchronously = true;
            _wait.SetException(reason);
        }
    }

    /// <inheritdoc/>
    public void GetResult(short token)
    {
        _cancellation.Dispose();
        _wait.GetResult(token);
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _wait.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
