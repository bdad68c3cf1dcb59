using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Millrace.State.TimeToLive;

/// <summary>A map whose entries expire.</summary>
internal sealed class ExpiringMapState<TKey, TValue>(IMapState<TKey, Expiring<TValue>> kept, Expiry expiry)
    : IMapState<TKey, TValue>
    where TKey : notnull
{
    private readonly ExpirySweep<TValue> _sweep = new(kept, expiry);

    public int Count
    {
        get
        {
            long now = expiry.Now;
            return expiry.ReturnsExpired ? kept.Count : kept.Count(entry => !expiry.IsOver(entry.Value.Used, now));
        }
    }

    public TValue this[TKey key]
    {
        get => TryGet(key, out TValue? value)
            ? value
            : throw new KeyNotFoundException($"The map of the current key has no entry '{key}'.");
        set
        {
            long now = expiry.Now;
            kept[key] = new Expiring<TValue>(value, now);
            _sweep.Used(now);
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        long now = expiry.Now;
        bool isThere = TryGet(key, now, out value);
        _sweep.Used(now);
        return isThere;
    }

    public bool Contains(TKey key) => TryGet(key, out _);

    public bool Remove(TKey key)
    {
        bool seen = kept.TryGet(key, out Expiring<TValue> found)
            && (expiry.ReturnsExpired || !expiry.IsOver(found.Used, expiry.Now));
        kept.Remove(key);
        return seen;
    }

    public void Clear() => kept.Clear();

    // What has expired is removed and what is read lives anew, before anything is handed out: the map must not change
    // while it is enumerated.
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        long now = expiry.Now;
        KeyValuePair<TKey, Expiring<TValue>>[] entries = [.. kept];
        foreach ((TKey key, Expiring<TValue> entry) in entries)
        {
            if (expiry.IsOver(entry.Used, now))
            {
                kept.Remove(key);
            }
            else if (expiry.RenewsOnRead && entry.Used != now)
            {
                kept[key] = entry with { Used = now };
            }
        }

        return entries
            .Where(entry => expiry.ReturnsExpired || !expiry.IsOver(entry.Value.Used, now))
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Value))
            .GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool TryGet(TKey key, long now, [MaybeNullWhen(false)] out TValue value)
    {
        if (!kept.TryGet(key, out Expiring<TValue> found))
        {
            value = default;
            return false;
        }

        if (expiry.IsOver(found.Used, now))
        {
            kept.Remove(key);
            value = expiry.ReturnsExpired ? found.Value : default;
            return expiry.ReturnsExpired;
        }

        if (expiry.RenewsOnRead && found.Used != now)
        {
            kept[key] = found with { Used = now };
        }

        value = found.Value;
        return true;
    }
}
