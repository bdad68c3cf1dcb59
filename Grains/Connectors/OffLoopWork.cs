using System.Runtime.ExceptionServices;

namespace Millrace.Connectors;

/// <summary>A piece of work that runs off the loop, one at a time, for an owner that may be disposed at any
/// moment.</summary>
/// <remarks>
/// The owner gives up what the work touches by <see cref="Start"/> and has it back when <see cref="IsBusy"/> is false
/// again. Work that was handed over but never began, as happens on cancellation, does not begin after
/// <see cref="StopAsync"/>.
/// </remarks>
/// <param name="run">The context's way of running off the loop; it wakes the loop at the end of the work.</param>
/// <param name="work">What is to be done.</param>
internal sealed class OffLoopWork(Action<Func<CancellationToken, ValueTask>> run, Action<CancellationToken> work)
{
    private readonly Lock _lock = new();
    private Phase _phase;
    private TaskCompletionSource? _ended;
    private ExceptionDispatchInfo? _failure;
    private Func<CancellationToken, ValueTask>? _round;

    private enum Phase
    {
        Idle,
        Handed,
        Running,
        Stopped,
    }

    /// <summary>Whether work is handed over or running.</summary>
    /// <exception cref="Exception">That of the work, once it has failed.</exception>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                _failure?.Throw();
                return _phase is Phase.Handed or Phase.Running;
            }
        }
    }

    /// <summary>Hands the work over. Only when not busy.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _failure?.Throw();
            if (_phase != Phase.Idle)
            {
                throw new InvalidOperationException($"Work cannot start while it is {_phase}.");
            }

            _phase = Phase.Handed;
        }

        run(_round ??= Round);
    }

    /// <summary>Ends when there is no work, with its failure if it failed.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        Task ended;
        lock (_lock)
        {
            ended = _phase is Phase.Handed or Phase.Running ? Ended() : Task.CompletedTask;
        }

        await ended.WaitAsync(cancellationToken);
        _failure?.Throw();
    }

    /// <summary>Ends when the work no longer runs, and never will; a failure of the work is not one of this.</summary>
    public Task StopAsync()
    {
        TaskCompletionSource? ended;
        lock (_lock)
        {
            if (_phase == Phase.Running)
            {
                return Ended();
            }

            _phase = Phase.Stopped;
            ended = _ended;
        }

        ended?.TrySetResult();
        return Task.CompletedTask;
    }

    // It is set outside of the lock, so whoever waits may go on at once, where the work has ended: on the pool, or in
    // the one thread of a simulation.
    private Task Ended() => (_ended ??= new TaskCompletionSource()).Task;

    private ValueTask Round(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_phase != Phase.Handed)
            {
                return ValueTask.CompletedTask;
            }

            _phase = Phase.Running;
        }

        Exception? failure = null;
        try
        {
            work(cancellationToken);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            End(failure);
        }

        return ValueTask.CompletedTask;
    }

    private void End(Exception? failure)
    {
        TaskCompletionSource? ended;
        lock (_lock)
        {
            _failure = failure is null ? null : ExceptionDispatchInfo.Capture(failure);
            _phase = Phase.Idle;
            ended = _ended;
            _ended = null;
        }

        ended?.TrySetResult();
    }
}
