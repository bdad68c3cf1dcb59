using System.Diagnostics.CodeAnalysis;

namespace Millrace.State.TimeToLive;

/// <summary>A value that expires.</summary>
internal sealed class ExpiringValueState<T>(IKeptValue<Expiring<T>> kept, Expiry expiry, Func<T>? defaultValue)
    : IKeptValue<T>
{
    private readonly ExpirySweep<T> _sweep = new(kept, expiry);

    public T? Value => TryGet(out T? value) ? value : defaultValue is null ? default : defaultValue();

    public bool HasValue => TryGet(out _);

    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        bool exists = kept.TryGet(out Expiring<T> found);
        return Check(exists, found, out value);
    }

    public bool TryBorrow([MaybeNullWhen(false)] out T value)
    {
        bool exists = kept.TryBorrow(out Expiring<T> found);
        return Check(exists, found, out value);
    }

    public void Update(T value)
    {
        long now = expiry.Now;
        kept.Update(new Expiring<T>(value, now));
        _sweep.Used(now);
    }

    public void Keep(T value)
    {
        long now = expiry.Now;
        kept.Keep(new Expiring<T>(value, now));
        _sweep.Used(now);
    }

    public void Clear() => kept.Clear();

    private bool Check(bool exists, Expiring<T> found, [MaybeNullWhen(false)] out T value)
    {
        long now = expiry.Now;
        bool isThere = Check(exists, found, now, out value);
        _sweep.Used(now);
        return isThere;
    }

    private bool Check(bool exists, Expiring<T> found, long now, [MaybeNullWhen(false)] out T value)
    {
        if (!exists)
        {
            value = default;
            return false;
        }

        if (expiry.IsOver(found.Used, now))
        {
            kept.Clear();
            value = expiry.ReturnsExpired ? found.Value : default;
            return expiry.ReturnsExpired;
        }

        if (expiry.RenewsOnRead && found.Used != now)
        {
            kept.Update(found with { Used = now });
        }

        value = found.Value;
        return true;
    }
}
