using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Millrace.Batches;

namespace Millrace.Operators.Async;

/// <summary>The records of an operator that are under way, with the times between them, in the order in which they
/// came. Says what may go on. Belongs to one loop.</summary>
/// <remarks>Without order, a record may go on as soon as no time that came before it is left. Times beside each other
/// become one, so that there are never more of them than records.</remarks>
/// <param name="isOrdered">Whether records go on in their order.</param>
internal sealed class AsyncQueue<TIn, TResult>(bool isOrdered)
{
    private readonly Queue<AsyncElement<TIn, TResult>> _ready = [];
    private readonly Stack<AsyncElement<TIn, TResult>> _free = [];
    private AsyncElement<TIn, TResult>? _last;
    private long _firstSegment;
    private long _lastSegment;

    /// <summary>The one that came first of all that are there.</summary>
    public AsyncElement<TIn, TResult>? First { get; private set; }

    /// <summary>Records among them.</summary>
    public int Records { get; private set; }

    /// <summary>Whether nothing is there.</summary>
    public bool IsEmpty => First is null;

    /// <summary>An element for a record that is not added yet.</summary>
    public AsyncElement<TIn, TResult> Rent()
    {
        if (!_free.TryPop(out AsyncElement<TIn, TResult>? element))
        {
            element = new AsyncElement<TIn, TResult>();
        }

        element.State = AsyncState.Waiting;
        return element;
    }

    /// <summary>Takes an element that is not added, or not any more, back for another use.</summary>
    public void Return(AsyncElement<TIn, TResult> element)
    {
        element.Value = default!;
        element.Status = null;
        element.Attempts = 0;
        _free.Push(element);
    }

    /// <summary>Puts a record behind all others.</summary>
    public void Add(AsyncElement<TIn, TResult> element)
    {
        Link(element);
        Records++;
        if (element.State == AsyncState.Done)
        {
            Ended(element);
        }
    }

    /// <summary>Puts a watermark behind all that is there.</summary>
    public void AddWatermark(long watermark) => LastTime().Watermark = watermark;

    /// <summary>Puts a status behind all that is there.</summary>
    public void AddStatus(WatermarkStatus status) => LastTime().Status = status;

    /// <summary>The results of a record that was added are complete.</summary>
    public void Ended(AsyncElement<TIn, TResult> element)
    {
        element.State = AsyncState.Done;
        if (!isOrdered && element.Segment == _firstSegment)
        {
            _ready.Enqueue(element);
        }
    }

    /// <summary>What may go on next.</summary>
    public bool TryPeek([NotNullWhen(true)] out AsyncElement<TIn, TResult>? element)
    {
        if (_ready.TryPeek(out element))
        {
            return true;
        }

        element = First;
        return element?.State == AsyncState.Time || (isOrdered && element?.State == AsyncState.Done);
    }

    /// <summary>Takes out what <see cref="TryPeek"/> gave, before anything else changes.</summary>
    public void Remove(AsyncElement<TIn, TResult> element)
    {
        if (_ready.TryDequeue(out AsyncElement<TIn, TResult>? first))
        {
            Debug.Assert(first == element, "what is taken out is what was said to go on");
        }

        Unlink(element);
        if (element.State != AsyncState.Time)
        {
            Records--;
            return;
        }

        // Those behind it that are complete may go on now.
        _firstSegment++;
        for (AsyncElement<TIn, TResult>? next = First;
            !isOrdered && next is not null && next.State != AsyncState.Time;
            next = next.Next)
        {
            if (next.State == AsyncState.Done)
            {
                _ready.Enqueue(next);
            }
        }
    }

    private AsyncElement<TIn, TResult> LastTime()
    {
        if (_last is { State: AsyncState.Time } last)
        {
            return last;
        }

        AsyncElement<TIn, TResult> time = Rent();
        time.State = AsyncState.Time;
        time.Watermark = RecordBatch.NoWatermark;
        Link(time);
        _lastSegment++;
        return time;
    }

    private void Link(AsyncElement<TIn, TResult> element)
    {
        element.Segment = _lastSegment;
        element.Previous = _last;
        element.Next = null;
        if (_last is null)
        {
            First = element;
        }
        else
        {
            _last.Next = element;
        }

        _last = element;
    }

    private void Unlink(AsyncElement<TIn, TResult> element)
    {
        if (element.Previous is { } previous)
        {
            previous.Next = element.Next;
        }
        else
        {
            First = element.Next;
        }

        if (element.Next is { } next)
        {
            next.Previous = element.Previous;
        }
        else
        {
            _last = element.Previous;
        }

        element.Previous = null;
        element.Next = null;
    }
}
