using System.Runtime.CompilerServices;

namespace Millrace.Operators.Async;

/// <summary>A call of an asynchronous function: what it emits, and how its end is learned. Belongs to the loop; used
/// again when the call has ended.</summary>
/// <remarks>A call that nobody waits for any more keeps its object for as long as it lives: what it still emits meets
/// nobody.</remarks>
#pragma warning disable CA1001 // The token source holds no timer: nothing to dispose; late cancellation is harmless.
internal sealed class AsyncAttempt<TIn, TResult>
#pragma warning restore CA1001
{
    private readonly Action _ended;
    private CancellationTokenSource _cancellation = new();
    private ValueTaskAwaiter _awaiter;

    public AsyncAttempt(AsyncCompletions<TIn, TResult> completions) => _ended = () => completions.Put(this);

    /// <summary>What the function has emitted.</summary>
    public AsyncResults<TResult> Results { get; } = new();

    /// <summary>Canceled when nobody waits for the call any more.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>What it is a call for; null when nobody waits for it any more.</summary>
    public AsyncElement<TIn, TResult>? Element { get; set; }

    /// <summary>The next one among those that have ended.</summary>
    public AsyncAttempt<TIn, TResult>? Next { get; set; }

    /// <summary>The call was made.</summary>
    /// <returns>True when it has ended already. Otherwise it will be put among those that have ended.</returns>
    public bool Begin(ValueTask call)
    {
        _awaiter = call.GetAwaiter();
        if (_awaiter.IsCompleted)
        {
            return true;
        }

        _awaiter.UnsafeOnCompleted(_ended);
        return false;
    }

    /// <summary>Throws what the call has failed with. Once for each call, after its end.</summary>
    public void GetResult()
    {
        ValueTaskAwaiter awaiter = _awaiter;
        _awaiter = default;
        awaiter.GetResult();
    }

    /// <summary>Takes note of the end of a call that nobody waits for.</summary>
    public void Observe()
    {
        try
        {
            GetResult();
        }
#pragma warning disable CA1031 // Whatever it is, it is nobody's any more.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Tells the function that nobody waits. Off the loop: what it registered with the token runs
    /// here.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Makes it ready for another call.</summary>
    public void Reset()
    {
        Results.Clear();
        if (!_cancellation.TryReset())
        {
            _cancellation = new CancellationTokenSource();
        }
    }
}
