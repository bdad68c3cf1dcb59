namespace Millrace.Operators.Async;

/// <summary>Records under way by the time at which something is to be done about them, the earliest first. Belongs to
/// one loop.</summary>
/// <remarks>A heap, in which each record knows its place: what ends leaves nothing behind, and nobody
/// searches.</remarks>
internal sealed class DueQueue<TIn, TResult>
{
    private const long Never = long.MaxValue;

    private AsyncElement<TIn, TResult>[] _heap = new AsyncElement<TIn, TResult>[16];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Reading of the clock at which the first one is due; <see cref="long.MaxValue"/> when there is
    /// none.</summary>
    public long FirstDue => Count == 0 ? Never : _heap[0].Due;

    /// <summary>The first one, when there is one.</summary>
    public AsyncElement<TIn, TResult> First => _heap[0];

    /// <summary>Puts one in, or to another time.</summary>
    /// <param name="element">The record.</param>
    /// <param name="due">When; <see cref="long.MaxValue"/> takes it out.</param>
    public void Set(AsyncElement<TIn, TResult> element, long due)
    {
        if (due == Never)
        {
            Remove(element);
            return;
        }

        element.Due = due;
        if (element.DuePlace < 0)
        {
            if (Count == _heap.Length)
            {
                Array.Resize(ref _heap, checked(2 * Count));
            }

            Put(element, Count++);
        }

        Settle(element);
    }

    /// <summary>Takes one out, if it is there.</summary>
    public void Remove(AsyncElement<TIn, TResult> element)
    {
        int place = element.DuePlace;
        if (place < 0)
        {
            return;
        }

        element.DuePlace = -1;
        AsyncElement<TIn, TResult> last = _heap[--Count];
        _heap[Count] = null!;
        if (last != element)
        {
            Put(last, place);
            Settle(last);
        }
    }

    private void Settle(AsyncElement<TIn, TResult> element)
    {
        int place = element.DuePlace;
        while (place > 0 && element.Due < _heap[(place - 1) / 2].Due)
        {
            Put(_heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        for (int child = (2 * place) + 1; child < Count; child = (2 * place) + 1)
        {
            if (child + 1 < Count && _heap[child + 1].Due < _heap[child].Due)
            {
                child++;
            }

            if (_heap[child].Due >= element.Due)
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(element, place);
    }

    private void Put(AsyncElement<TIn, TResult> element, int place)
    {
        _heap[place] = element;
        element.DuePlace = place;
    }
}
