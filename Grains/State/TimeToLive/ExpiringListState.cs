using System.Collections;

namespace Millrace.State.TimeToLive;

/// <summary>A list whose elements expire.</summary>
/// <remarks>Times of last use never fall along the list, so that the expired ones are its beginning.</remarks>
internal sealed class ExpiringListState<T>(IListState<Expiring<T>> kept, Expiry expiry) : IListState<T>
{
    private readonly ExpirySweep<T> _sweep = new(kept, expiry);

    public int Count
    {
        get
        {
            PrepareRead();
            return kept.Count;
        }
    }

    public T this[int index]
    {
        get
        {
            PrepareRead();
            return kept[index].Value;
        }
    }

    public void Add(T element)
    {
        long now = expiry.Now;
        RemoveExpired(now);
        kept.Add(new Expiring<T>(element, AfterLast(now)));
        _sweep.Used(now);
    }

    public void AddAll(IEnumerable<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        long now = expiry.Now;
        RemoveExpired(now);
        long used = AfterLast(now);
        kept.AddAll(elements.Select(element => new Expiring<T>(element, used)));
        _sweep.Used(now);
    }

    public void Update(IEnumerable<T> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        long now = expiry.Now;
        kept.Update(elements.Select(element => new Expiring<T>(element, now)));
        _sweep.Used(now);
    }

    public void Clear() => kept.Clear();

    public IEnumerator<T> GetEnumerator()
    {
        PrepareRead();
        return kept.Select(element => element.Value).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private long AfterLast(long now)
    {
        int count = kept.Count;
        return count == 0 ? now : Math.Max(now, kept[count - 1].Used);
    }

    private void PrepareRead()
    {
        long now = expiry.Now;
        if (!expiry.ReturnsExpired)
        {
            RemoveExpired(now);
        }

        int live = FirstLive(now);
        if (expiry.RenewsOnRead && live < kept.Count && kept[live].Used < now)
        {
            kept.Update([.. kept.Select((element, i) => i < live ? element : element with
            {
                Used = Math.Max(element.Used, now),
            })]);
        }

        _sweep.Used(now);
    }

    private int FirstLive(long now)
    {
        int count = kept.Count;
        int expired = 0;
        while (expired < count && expiry.IsOver(kept[expired].Used, now))
        {
            expired++;
        }

        return expired;
    }

    private void RemoveExpired(long now)
    {
        int expired = FirstLive(now);
        if (expired > 0)
        {
            kept.Update([.. kept.Skip(expired)]);
        }
    }
}
