using Millrace.Graph;

namespace Millrace.Functions.Async;

/// <summary>One record in, any number out, some time later: what a service, a database or a device answers.</summary>
/// <remarks>
/// A function object belongs to one subtask attempt, whose loop calls all of its members; many records may be under
/// way at a time. What <see cref="InvokeAsync"/> does after its first <c>await</c> happens on other threads, side by
/// side for several records. There is no state: a record that is under way when a snapshot is taken is part of the
/// snapshot, and is handed to the function again after a restore. So the function may see a record more than once.
/// </remarks>
/// <typeparam name="TIn">The type of the records that come in.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public abstract class AsyncFunction<TIn, TOut> : IRichFunction
{
    /// <summary>What it is called in errors.</summary>
    internal virtual string Description => $"function {TypeName.Of(GetType())}";

    /// <summary>Before the first record: the place to make a client.</summary>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <summary>After the last record, or after a failure; calls may still be under way then, with their token
    /// canceled. Must not throw on a function that was never opened.</summary>
    public virtual void Close()
    {
    }

    /// <summary>Begins to handle one record, and ends when its results are complete. Must not block.</summary>
    /// <param name="value">The record.</param>
    /// <param name="output">Takes the results, by one thread at a time, until the returned task has ended: they go on
    /// then, all together. None are fine.</param>
    /// <param name="cancellationToken">Canceled when nobody waits for the results any more: the record's time is over,
    /// or the subtask is to end early.</param>
    /// <returns>A failure is tried again where the program asks for that, and fails the job otherwise.</returns>
    public abstract ValueTask InvokeAsync(TIn value, ICollector<TOut> output, CancellationToken cancellationToken);

    /// <summary>A record's time is over; whatever is still under way for it counts no longer. Must not block.</summary>
    /// <param name="value">The record.</param>
    /// <param name="output">Takes what goes on instead of its results; valid during the call only.</param>
    /// <returns>True when that is dealt with; false, as it is by default, fails the job.</returns>
    public virtual bool OnTimeout(TIn value, ICollector<TOut> output) => false;
}
