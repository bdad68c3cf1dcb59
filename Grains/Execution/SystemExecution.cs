using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Millrace.Execution;

/// <summary>The real thing: worker threads, the thread pool, the system's clock, sockets.</summary>
public sealed class SystemExecution : IExecution, IDisposable
{
    // Whoever runs no loops, such as a reader of files, needs no threads.
    private readonly Lazy<CooperativeWorkers> _workers;

    /// <summary>The worker threads begin with the first loop.</summary>
    /// <param name="workers">How many, and when a loop is moved to a thread of its own.</param>
    /// <param name="transport">How other silos are reached.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of loops that block their thread.</param>
    public SystemExecution(
        WorkerOptions workers, ITransport transport, TimeProvider time, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(workers);
        ArgumentNullException.ThrowIfNull(time);
        Time = time;
        Transport = transport;
        _workers = new Lazy<CooperativeWorkers>(() => new CooperativeWorkers(
            workers, time, ThreadClock.OfSystem(time), logger ?? NullLogger.Instance));
    }

    /// <inheritdoc/>
    public TimeProvider Time { get; }

    /// <inheritdoc/>
    public ITransport Transport { get; }

    /// <inheritdoc/>
    public IFiles Files { get; } = new SystemFiles();

    /// <summary>Threads that take loops in turn.</summary>
    public int Workers => _workers.Value.Workers;

    /// <summary>Loops that have not ended.</summary>
    public int Loops => _workers.Value.Loops;

    /// <summary>Rounds that loops have run so far. As long as it stands still, loops cost nothing.</summary>
    public long Rounds => _workers.Value.Rounds;

    /// <inheritdoc/>
    public LoopHandle StartLoop(ILoop loop, LoopShare share) => _workers.Value.Start(loop, share);

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work) => Task.Run(work);

    /// <inheritdoc/>
    public Task RunBlockingAsync(string name, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => RunAndComplete(work, completion)) { IsBackground = true, Name = name };
        thread.Start();
        return completion.Task;
    }

    /// <inheritdoc/>
    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay, Time, cancellationToken);

    /// <inheritdoc/>
    public Guid NewId()
    {
#pragma warning disable RS0030 // This is the implementation the ban points to.
        return Guid.NewGuid();
#pragma warning restore RS0030
    }

    /// <inheritdoc/>
    public Random NewRandom() => new();

    /// <summary>
    /// Stops the worker threads after their present round. Loops that have not ended are not run again.
    /// </summary>
    public void Dispose()
    {
        if (_workers.IsValueCreated)
        {
            _workers.Value.Dispose();
        }
    }

    // Whatever the work throws is its owner's to see.
    private static void RunAndComplete(Action work, TaskCompletionSource completion)
    {
        try
        {
            work();
            completion.SetResult();
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            completion.SetException(exception);
        }
    }
}
