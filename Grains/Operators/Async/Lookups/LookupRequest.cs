namespace Millrace.Operators.Async.Lookups;

/// <summary>One call for the rows of a key, with all records that wait for it.</summary>
/// <remarks>Records join it on the loop, and leave it, when their time is over, on any thread. When the last one has
/// left, the call is canceled and nobody joins any more.</remarks>
#pragma warning disable CA1001 // The token source holds no timer: nothing to dispose; late cancellation is harmless.
internal sealed class LookupRequest<TKey, TRow>
#pragma warning restore CA1001
{
    private const int Abandoned = -1;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly Action<LookupRequest<TKey, TRow>> _ended;
    private int _waiting;

    /// <param name="ended">Told when the call has ended, and when it is abandoned; from any thread, at most once for
    /// each.</param>
    public LookupRequest(Action<LookupRequest<TKey, TRow>> ended) => _ended = ended;

    /// <summary>Canceled when nobody waits any more.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Whose rows.</summary>
    public TKey Key { get; private set; } = default!;

    /// <summary>What was found; null before, and when the call has failed.</summary>
    public IReadOnlyList<TRow>? Rows { get; private set; }

    /// <summary>Reading of the clock when the rows were found.</summary>
    public long FoundAt { get; private set; }

    /// <summary>Ends with the call. Those who wait are told after <c>ended</c> was.</summary>
    public Task<IReadOnlyList<TRow>> Answer { get; private set; } = Task.FromResult<IReadOnlyList<TRow>>([]);

    /// <summary>Follows a call that was made with <see cref="Token"/>.</summary>
    public void Follow(TKey key, ValueTask<IReadOnlyList<TRow>> call, TimeProvider time)
    {
        Key = key;
        Answer = FollowAsync(call, time);
    }

    /// <summary>One more record waits. On the loop.</summary>
    /// <returns>False when the call is abandoned.</returns>
    public bool TryJoin()
    {
        int waiting = Volatile.Read(ref _waiting);
        while (waiting != Abandoned)
        {
            int seen = Interlocked.CompareExchange(ref _waiting, waiting + 1, waiting);
            if (seen == waiting)
            {
                return true;
            }

            waiting = seen;
        }

        return false;
    }

    /// <summary>A record waits no longer. From any thread.</summary>
    public void Leave()
    {
        int waiting = Volatile.Read(ref _waiting);
        while (true)
        {
            int left = waiting == 1 ? Abandoned : waiting - 1;
            int seen = Interlocked.CompareExchange(ref _waiting, left, waiting);
            if (seen != waiting)
            {
                waiting = seen;
                continue;
            }

            if (left == Abandoned)
            {
                _ended(this);
                _cancellation.Cancel();
            }

            return;
        }
    }

    private async Task<IReadOnlyList<TRow>> FollowAsync(ValueTask<IReadOnlyList<TRow>> call, TimeProvider time)
    {
        try
        {
            IReadOnlyList<TRow> rows = LookupRows.Require(await call);
            Rows = rows;
            FoundAt = time.GetTimestamp();
            return rows;
        }
        finally
        {
            _ended(this);
        }
    }
}
