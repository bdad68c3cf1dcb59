using System.Globalization;
using System.Text;
using Millrace.Execution;

namespace Millrace.Simulation;

/// <summary>Runs everything in one thread, in an order and at times drawn from one seed.</summary>
/// <remarks>
/// Loops, pool work, delays and connections become steps; each step the simulation takes is one of those that are
/// ready, chosen by the seed, and moves the clock. The same seed gives the same trace. Not thread-safe: it is one
/// thread.
/// </remarks>
public sealed class SimulatedExecution : IExecution
{
    private readonly Random _random;
    private readonly SimulatedTime _time;
    private readonly List<Action> _ready = [];
    private readonly SimulationContext _context;
    private readonly StringBuilder _trace = new();

    /// <summary>Begins a simulation.</summary>
    /// <param name="seed">Decides every choice.</param>
    public SimulatedExecution(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
        _time = new SimulatedTime(Ready);
        _context = new SimulationContext(Ready);
        Disk = new SimulatedFiles(this);
        Transport = new SimulatedTransport(this);
    }

    /// <summary>What decides every choice.</summary>
    public int Seed { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public TimeProvider Time => _time;

    /// <inheritdoc/>
    public ITransport Transport { get; }

    /// <inheritdoc/>
    public IFiles Files => Disk;

    /// <summary>What stands on the simulated disk, and what goes wrong there.</summary>
    public SimulatedFiles Disk { get; }

    /// <summary>How much too early, by the clock, a delay may end: timers of a system go by a coarser one. Zero by
    /// default.</summary>
    public TimeSpan DelaysEndEarly { get; init; }

    /// <summary>One line for each thing that happened.</summary>
    public string Trace => _trace.ToString();

    /// <inheritdoc/>
    public LoopHandle StartLoop(ILoop loop, LoopShare share) => new SimulatedLoop(this, loop);

    /// <inheritdoc/>
    public Task RunAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var completion = new TaskCompletionSource();
        Ready(() => _ = CompleteAsync(work, completion));
        return completion.Task;
    }

    /// <inheritdoc/>
    public Task RunBlockingAsync(string name, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(() =>
        {
            work();
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (DelaysEndEarly > TimeSpan.Zero)
        {
            TimeSpan early = DelaysEndEarly * _random.NextDouble();
            delay = delay > early ? delay - early : TimeSpan.Zero;
        }

        var completion = new TaskCompletionSource();
        ITimer timer = _time.CreateTimer(_ => completion.TrySetResult(), null, delay, Timeout.InfiniteTimeSpan);
        cancellationToken.Register(() =>
        {
            timer.Dispose();
            completion.TrySetCanceled(cancellationToken);
        });
        return completion.Task;
    }

    /// <inheritdoc/>
    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <inheritdoc/>
    public Random NewRandom() => new(_random.Next());

    /// <summary>Takes steps until a condition holds.</summary>
    /// <param name="done">Asked after each step.</param>
    /// <param name="maxSteps">More means that something hangs.</param>
    /// <exception cref="InvalidOperationException">Nothing is left to do, or too many steps were taken; the seed is in
    /// the message.</exception>
    public void RunUntil(Func<bool> done, long maxSteps = 5_000_000)
    {
        ArgumentNullException.ThrowIfNull(done);
        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            while (!done())
            {
                if (Steps++ >= maxSteps)
                {
                    throw new InvalidOperationException($"Seed {Seed}: not done after {maxSteps} steps.");
                }

                Step();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Writes a line into the trace.</summary>
    public void Note(string line) =>
        _trace.Append(CultureInfo.InvariantCulture, $"{_time.Ticks} {line}").Append('\n');

    internal void Ready(Action step) => _ready.Add(step);

    internal int Next(int below) => _random.Next(below);

    internal void After(TimeSpan delay, Action step) =>
        _time.CreateTimer(_ => step(), null, delay, Timeout.InfiniteTimeSpan);

    private void Step()
    {
        if (_ready.Count == 0)
        {
            if (!_time.AdvanceToNextTimer())
            {
                throw new InvalidOperationException($"Seed {Seed}: nothing is left to do after {Steps} steps.");
            }

            return;
        }

        int chosen = _random.Next(_ready.Count);
        Action step = _ready[chosen];
        _ready.RemoveAt(chosen);
        _time.Advance(TimeSpan.FromMicroseconds(1 + _random.Next(200)));
        step();
    }

    // Its completion is how the caller learns of any end.
    private static async Task CompleteAsync(Func<Task> work, TaskCompletionSource completion)
    {
        try
        {
            await work();
            completion.TrySetResult();
        }
        catch (OperationCanceledException exception)
        {
            completion.TrySetCanceled(exception.CancellationToken);
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            completion.TrySetException(exception);
        }
    }
}
