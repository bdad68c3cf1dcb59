using System.Diagnostics.CodeAnalysis;

namespace Millrace.Connectors;

/// <summary>Work a connector started off its loop: done at once, or when a test says so.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source of cancellation without a timer holds nothing.")]
public sealed class OffLoopQueue
{
    private readonly Queue<Func<CancellationToken, ValueTask>> _waiting = new();
    private readonly CancellationTokenSource _canceled = new();

    /// <summary>Whether work is done when it is started. Default true.</summary>
    public bool IsImmediate { get; set; } = true;

    /// <summary>Work that was started and not yet done.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Most work that ever waited at once.</summary>
    public int MostWaiting { get; private set; }

    /// <summary>The first failure of work; a runtime would fail the subtask with it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Canceled by <see cref="Cancel"/>.</summary>
    public CancellationToken CancellationToken => _canceled.Token;

    /// <summary>Cancels the subtask.</summary>
    public void Cancel() => _canceled.Cancel();

    /// <summary>Does the work that was started first.</summary>
    public async Task RunNextAsync()
    {
        Func<CancellationToken, ValueTask> work = _waiting.Dequeue();
        try
        {
            await work(_canceled.Token);
        }
        catch (Exception exception)
        {
            Failure ??= exception;
        }
    }

    /// <summary>Does everything that waits, and what that starts.</summary>
    public async Task RunAllAsync()
    {
        while (_waiting.Count > 0)
        {
            await RunNextAsync();
        }
    }

    /// <summary>Throws the failure of work, if any.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(Failure);
        }
    }

    internal void Start(Func<CancellationToken, ValueTask> work, Action wake)
    {
        _waiting.Enqueue(async token =>
        {
            try
            {
                await work(token);
            }
            finally
            {
                wake();
            }
        });
        MostWaiting = Math.Max(MostWaiting, _waiting.Count);
        if (IsImmediate)
        {
            Task done = RunNextAsync();
            if (!done.IsCompleted)
            {
                throw new InvalidOperationException(
                    "Work that awaits cannot be done at once: set IsImmediate to false.");
            }
        }
    }
}
