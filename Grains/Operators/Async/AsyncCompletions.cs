namespace Millrace.Operators.Async;

/// <summary>The calls of an operator that have ended and that its loop has not seen yet.</summary>
/// <remarks>Bounded by the calls under way. Nothing is allocated for a call, and no code of the user runs where it
/// ends.</remarks>
/// <param name="wake">Wakes the loop; from any thread.</param>
internal sealed class AsyncCompletions<TIn, TResult>(Action wake)
{
    private AsyncAttempt<TIn, TResult>? _last;
    private volatile bool _closed;

    /// <summary>A call has ended. From any thread.</summary>
    public void Put(AsyncAttempt<TIn, TResult> attempt)
    {
        AsyncAttempt<TIn, TResult>? last = Volatile.Read(ref _last);
        while (true)
        {
            attempt.Next = last;
            AsyncAttempt<TIn, TResult>? seen = Interlocked.CompareExchange(ref _last, attempt, last);
            if (seen == last)
            {
                break;
            }

            last = seen;
        }

        if (_closed)
        {
            ObserveAll();
            return;
        }

        // Who put the first one has woken the loop, and it takes all.
        if (last is null)
        {
            wake();
        }
    }

    /// <summary>Takes all that have ended, in the order in which they did. On the loop.</summary>
    /// <returns>The first one, linked to the next ones; null for none.</returns>
    public AsyncAttempt<TIn, TResult>? TakeAll()
    {
        if (Volatile.Read(ref _last) is null)
        {
            return null;
        }

        AsyncAttempt<TIn, TResult>? attempt = Interlocked.Exchange(ref _last, null);
        AsyncAttempt<TIn, TResult>? first = null;
        while (attempt is not null)
        {
            AsyncAttempt<TIn, TResult>? before = attempt.Next;
            attempt.Next = first;
            first = attempt;
            attempt = before;
        }

        return first;
    }

    /// <summary>Nobody takes any more.</summary>
    public void Close()
    {
        _closed = true;
        ObserveAll();
    }

    private void ObserveAll()
    {
        for (AsyncAttempt<TIn, TResult>? attempt = TakeAll(); attempt is not null; attempt = attempt.Next)
        {
            attempt.Observe();
        }
    }
}
