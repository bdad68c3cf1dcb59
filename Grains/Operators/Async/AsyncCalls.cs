using System.Globalization;
using System.Runtime.ExceptionServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.Functions.Async;

namespace Millrace.Operators.Async;

/// <summary>Calls the function of an operator, again where that is asked for, and watches the time. Belongs to one
/// loop.</summary>
internal sealed class AsyncCalls<TIn, TResult>
{
    private const long Never = long.MaxValue;

    private readonly AsyncParts<TIn, TResult> _parts;
    private readonly AsyncQueue<TIn, TResult> _queue;
    private readonly AsyncFunction<TIn, TResult> _function;
    private readonly AsyncCompletions<TIn, TResult> _completions;
    private readonly Stack<AsyncAttempt<TIn, TResult>> _free = [];
    private readonly RoundClock _clock;
    private readonly long _timeoutTicks;
    private AsyncElement<TIn, TResult>? _atWork;
    private AsyncElement<TIn, TResult>? _waiting;
    private readonly DueQueue<TIn, TResult> _due = new();
    private int _waitingCount;
    private bool _isEnding;

    /// <summary>Whether there are records that wait for their call.</summary>
    public bool HasWaiting => _waitingCount > 0;

    /// <summary>Whether one of them may be called now.</summary>
    public bool MayCallWaiting => _waitingCount > 0 && _queue.Records - _waitingCount < _parts.Wait.Capacity;

    public AsyncCalls(AsyncParts<TIn, TResult> parts, AsyncQueue<TIn, TResult> queue)
    {
        _parts = parts;
        _queue = queue;
        _function = parts.Function;
        _clock = parts.Clock;
        _completions = new AsyncCompletions<TIn, TResult>(parts.Loop.Wake);
        _timeoutTicks = parts.Wait.Timeout == Timeout.InfiniteTimeSpan ? Never : TicksOf(parts.Wait.Timeout);
    }

    /// <summary>Reading of the clock at which something is to be done, or <see cref="long.MaxValue"/>.</summary>
    public long NextDue => _due.FirstDue;

    /// <summary>Which record an exception is about, where that is none that just came.</summary>
    public string? FailedPosition => _atWork is { } element ? Describe(element) : null;

    public void Open(RuntimeContext context) => _function.Open(context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(_function);

    /// <summary>Adds a record without a call for it, behind all others: that is made when there is room.</summary>
    public void AddWaiting(AsyncElement<TIn, TResult> element)
    {
        _queue.Add(element);
        _waiting ??= element;
        _waitingCount++;
    }

    /// <summary>Makes the first call for a record that is not added yet. Its state is the result.</summary>
    public void Begin(AsyncElement<TIn, TResult> element)
    {
        element.Deadline = _timeoutTicks == Never ? Never : _clock.Last + _timeoutTicks;
        Call(element);
        if (element.State != AsyncState.Done)
        {
            _due.Set(element, DueOf(element));
        }
    }

    /// <summary>Takes note of calls that have ended, of times that are over, and makes calls that are due.</summary>
    public void Run()
    {
        TakeCompleted();
        if (_clock.Last >= NextDue)
        {
            RunDue();
        }

        if (_waitingCount > 0)
        {
            CallWaiting();
        }

        _atWork = null;
    }

    /// <summary>No record follows: calls that are to be made later are made at the next <see cref="Run"/>, and results
    /// are taken as they are. Only exceptions, which would fail the job, are tried again.</summary>
    public void EndInput()
    {
        TakeCompleted();
        _isEnding = true;
        for (AsyncElement<TIn, TResult>? element = _queue.First; element is not null; element = element.Next)
        {
            if (element.State == AsyncState.Retrying)
            {
                element.RetryAt = long.MinValue;
                _due.Set(element, DueOf(element));
            }
        }
    }

    /// <summary>What is emitted next is about this record.</summary>
    public void WorkAt(AsyncElement<TIn, TResult>? element) => _atWork = element;

    /// <summary>A record's results are emitted: takes back what its calls used.</summary>
    public void Return(AsyncElement<TIn, TResult> element)
    {
        if (element.Attempt is { } attempt)
        {
            element.Attempt = null;
            attempt.Element = null;
            attempt.Reset();
            _free.Push(attempt);
        }
    }

    /// <summary>Tells all calls under way that nobody waits for them, and closes the function.</summary>
    public void Close()
    {
        List<AsyncAttempt<TIn, TResult>> running = [];
        for (AsyncElement<TIn, TResult>? element = _queue.First; element is not null; element = element.Next)
        {
            if (element is { State: AsyncState.Running, Attempt: { } attempt })
            {
                attempt.Element = null;
                running.Add(attempt);
            }
        }

        _completions.Close();
        if (running.Count > 0)
        {
            _parts.Loop.Run(_ =>
            {
                running.ForEach(CancelQuietly);
                return ValueTask.CompletedTask;
            });
        }

        _function.Close();
    }

    // Why the subtask ends is what counts.
    private static void CancelQuietly(AsyncAttempt<TIn, TResult> attempt)
    {
        try
        {
            attempt.Cancel();
        }
        catch (AggregateException)
        {
        }
    }

    private void TakeCompleted()
    {
        AsyncAttempt<TIn, TResult>? next;
        for (AsyncAttempt<TIn, TResult>? attempt = _completions.TakeAll(); attempt is not null; attempt = next)
        {
            next = attempt.Next;
            attempt.Next = null;
            if (attempt.Element is not { } element)
            {
                attempt.Observe();
                continue;
            }

            _atWork = element;
            if (HasEnded(element, attempt))
            {
                End(element);
            }
            else
            {
                _due.Set(element, DueOf(element));
            }
        }
    }

    private void End(AsyncElement<TIn, TResult> element)
    {
        _due.Remove(element);
        _queue.Ended(element);
    }

    // One that is due again at once waits for the next time: there may be as many as there are records under way.
    private void RunDue()
    {
        long now = _clock.Last;
        for (int left = _due.Count; left > 0 && _due.FirstDue <= now; left--)
        {
            AsyncElement<TIn, TResult> element = _due.First;
            _atWork = element;
            if (element.Deadline <= now)
            {
                TimeOut(element);
            }
            else
            {
                CallAdded(element);
            }
        }
    }

    private void CallWaiting()
    {
        while (MayCallWaiting)
        {
            AsyncElement<TIn, TResult> element = _waiting!;
            _waitingCount--;
            _waiting = NextWaiting(element);
            _atWork = element;
            element.Deadline = _timeoutTicks == Never ? Never : _clock.Last + _timeoutTicks;
            CallAdded(element);
        }
    }

    // Behind one that waits there are others that do, and times between them.
    private AsyncElement<TIn, TResult>? NextWaiting(AsyncElement<TIn, TResult> element)
    {
        AsyncElement<TIn, TResult>? next = _waitingCount > 0 ? element.Next : null;
        while (next is { State: AsyncState.Time })
        {
            next = next.Next;
        }

        return next;
    }

    private void CallAdded(AsyncElement<TIn, TResult> element)
    {
        Call(element);
        if (element.State == AsyncState.Done)
        {
            End(element);
            return;
        }

        _due.Set(element, DueOf(element));
    }

    private void Call(AsyncElement<TIn, TResult> element)
    {
        AsyncAttempt<TIn, TResult> attempt = element.Attempt ??= Rent(element);
        element.Attempts++;
        element.State = AsyncState.Running;
        try
        {
            if (!attempt.Begin(_function.InvokeAsync(element.Value, attempt.Results, attempt.Token)))
            {
                return;
            }
        }
#pragma warning disable CA1031 // What is not tried again is thrown again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            RetryOrThrow(element, attempt, exception);
            return;
        }

        if (HasEnded(element, attempt))
        {
            element.State = AsyncState.Done;
        }
    }

    // False when there will be another call.
    private bool HasEnded(AsyncElement<TIn, TResult> element, AsyncAttempt<TIn, TResult> attempt)
    {
        try
        {
            attempt.GetResult();
        }
#pragma warning disable CA1031 // What is not tried again is thrown again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            RetryOrThrow(element, attempt, exception);
            return false;
        }

        return _parts.Retry is not { } retry || _isEnding || !retry.IsForResult(attempt.Results)
            || !IsTriedAgain(element, attempt, retry);
    }

    private void RetryOrThrow(
        AsyncElement<TIn, TResult> element, AsyncAttempt<TIn, TResult> attempt, Exception exception)
    {
        if (_parts.Retry is not { } retry || !retry.IsForException(exception)
            || !IsTriedAgain(element, attempt, retry))
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }

    private bool IsTriedAgain(
        AsyncElement<TIn, TResult> element, AsyncAttempt<TIn, TResult> attempt, AsyncRetryStrategy<TResult> retry)
    {
        if (retry.DelayAfter(element.Attempts) is not TimeSpan delay)
        {
            return false;
        }

        attempt.Reset();
        element.State = AsyncState.Retrying;

        // Later than now, whatever the delay: one that fails at once leaves others their turn.
        element.RetryAt = _clock.Last + Math.Max(1, TicksOf(delay));
        return true;
    }

    private void TimeOut(AsyncElement<TIn, TResult> element)
    {
        if (element is { State: AsyncState.Running, Attempt: { } abandoned })
        {
            abandoned.Element = null;
            element.Attempt = Rent(element);
            _parts.Loop.Run(_ =>
            {
                abandoned.Cancel();
                return ValueTask.CompletedTask;
            });
        }

        if (!_function.OnTimeout(element.Value, element.Attempt!.Results))
        {
            throw new TimeoutException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_parts.Name}: {_function.Description} gave no result for a record within {_parts.Wait.Timeout} " +
                $"and {element.Attempts} attempts. Give it more time, or override OnTimeout to go on without."));
        }

        End(element);
    }

    private AsyncAttempt<TIn, TResult> Rent(AsyncElement<TIn, TResult> element)
    {
        if (!_free.TryPop(out AsyncAttempt<TIn, TResult>? attempt))
        {
            attempt = new AsyncAttempt<TIn, TResult>(_completions);
        }

        attempt.Element = element;
        return attempt;
    }

    private static long DueOf(AsyncElement<TIn, TResult> element) => element.State switch
    {
        AsyncState.Running => element.Deadline,
        AsyncState.Retrying => Math.Min(element.Deadline, element.RetryAt),
        _ => Never,
    };

    private string Describe(AsyncElement<TIn, TResult> element)
    {
        string record = element.Number < 0
            ? "a record that was under way when the snapshot was taken"
            : string.Create(CultureInfo.InvariantCulture, $"record {element.Number} of the operator's input, from 0");
        string time = element.Timestamp == RecordBatch.NoTimestamp
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", with timestamp {element.Timestamp}");
        return string.Create(
            CultureInfo.InvariantCulture, $"{record}{time}, attempt {element.Attempts} of {_function.Description}");
    }

    private long TicksOf(TimeSpan time) => (long)(time.TotalSeconds * _parts.Loop.Time.TimestampFrequency);
}
