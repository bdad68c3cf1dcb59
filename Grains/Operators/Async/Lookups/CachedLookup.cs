using System.Collections.Concurrent;
using Millrace.Functions;
using Millrace.Functions.Async;
using Millrace.Graph;
using Millrace.Joins;

namespace Millrace.Operators.Async.Lookups;

/// <summary>Finds the rows of a record's key: in the cache, in a call that is under way for it, or by a call.</summary>
/// <remarks>Its cache belongs to the loop. What a call has found waits in a queue until the loop comes by with the next
/// record: that is soon enough for those who look into the cache.</remarks>
internal sealed class CachedLookup<TLeft, TKey, TRow> : AsyncFunction<TLeft, TRow>, ICheckpointedFunction, ILookupCounts
{
    private readonly LookupSettings<TLeft, TKey, TRow> _settings;
    private readonly RoundClock _clock;
    private readonly TimeProvider _time;
    private readonly LookupCache<TKey, TRow>? _cache;
#pragma warning disable CS8714 // A key that is null is never looked up.
    private readonly Dictionary<TKey, LookupRequest<TKey, TRow>> _underWay = [];
#pragma warning restore CS8714
    private readonly ConcurrentQueue<LookupRequest<TKey, TRow>> _ended = new();
    private LookupRequest<TKey, TRow>? _spare;

    public CachedLookup(LookupSettings<TLeft, TKey, TRow> settings, RoundClock clock, TimeProvider time)
    {
        _settings = settings;
        _clock = clock;
        _time = time;
        _cache = settings.Cache is { } cache ? new LookupCache<TKey, TRow>(cache, time.TimestampFrequency) : null;
    }

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    public long Evictions => _cache?.Evictions ?? 0;

    /// <summary>Keys for which a call is under way, or has ended and was not taken note of.</summary>
    public int KeysUnderWay => _underWay.Count;

    internal override string Description => $"lookup {TypeName.Of(_settings.Function.GetType())}";

    public override void Open(RuntimeContext context) => _settings.Function.Open(context);

    public void SnapshotState() => UserFunction.PrepareSnapshot(_settings.Function);

    public override void Close() => _settings.Function.Close();

    public override ValueTask InvokeAsync(TLeft value, ICollector<TRow> output, CancellationToken cancellationToken)
    {
        TakeEnded();
        TKey key = _settings.KeySelector(value);
        if (key is null)
        {
            return default;
        }

        if (_cache is not null && _cache.TryGet(key, _clock.Last, out IReadOnlyList<TRow>? rows))
        {
            Hits++;
            return Emit(rows, output);
        }

        Misses++;
        return _underWay.TryGetValue(key, out LookupRequest<TKey, TRow>? request) && request.TryJoin()
            ? WaitAsync(request, output, cancellationToken)
            : Ask(key, output, cancellationToken);
    }

    private static ValueTask Emit(IReadOnlyList<TRow> rows, ICollector<TRow> output)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            output.Emit(rows[i]);
        }

        return default;
    }

    private static async ValueTask WaitAsync(
        LookupRequest<TKey, TRow> request, ICollector<TRow> output, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister(
            static waited => ((LookupRequest<TKey, TRow>)waited!).Leave(), request);
        await Emit(await request.Answer, output);
    }

    private ValueTask Ask(TKey key, ICollector<TRow> output, CancellationToken cancellationToken)
    {
        LookupRequest<TKey, TRow> request = _spare ??= new LookupRequest<TKey, TRow>(_ended.Enqueue);
        ValueTask<IReadOnlyList<TRow>> call = _settings.Function.LookupAsync(key, request.Token);
        if (call.IsCompletedSuccessfully)
        {
            IReadOnlyList<TRow> rows = LookupRows.Require(call.Result);
            _cache?.Put(key, rows, _clock.Last);
            return Emit(rows, output);
        }

        _spare = null;
        request.TryJoin();
        _underWay[key] = request;
        request.Follow(key, call, _time);
        return WaitAsync(request, output, cancellationToken);
    }

    private void TakeEnded()
    {
        while (_ended.TryDequeue(out LookupRequest<TKey, TRow>? request))
        {
            if (_underWay.TryGetValue(request.Key, out LookupRequest<TKey, TRow>? known) && known == request)
            {
                _underWay.Remove(request.Key);
            }

            if (request.Rows is { } rows)
            {
                _cache?.Put(request.Key, rows, request.FoundAt);
            }
        }
    }
}
