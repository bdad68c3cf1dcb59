using Millrace.Connectors;

namespace Millrace.Operators;

/// <summary>A loop without rounds, for tests of operators: what is started runs at once as far as it can, delays end
/// when the test moves the clock. Belongs to one thread.</summary>
internal sealed class TestLoop : ISubtaskLoop
{
    private readonly ManualTime _time = new();
    private readonly List<(long Due, TaskCompletionSource Done)> _delays = [];

    public TestLoop()
    {
        Clock = new RoundClock(_time);
        Clock.Begin();
    }

    public TimeProvider Time => _time;

    /// <summary>The clock of its rounds; a round lasts as long as the test wants.</summary>
    public RoundClock Clock { get; }

    public CancellationToken CancellationToken => CancellationToken.None;

    public long ReadingTicks { get; private set; }

    /// <summary>Delays that have not ended.</summary>
    public int Delays => _delays.Count;

    /// <summary>Work that failed.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>Lets time pass, and what waits for it go on.</summary>
    /// <param name="by">How long.</param>
    /// <param name="reads">Whether the loop takes input meanwhile, or would.</param>
    public void Advance(TimeSpan by, bool reads = true)
    {
        _time.Advance(by);
        Clock.Begin();
        ReadingTicks += reads ? by.Ticks : 0;
        (long Due, TaskCompletionSource Done)[] due = [.. _delays.Where(delay => delay.Due <= _time.GetTimestamp())];
        _delays.RemoveAll(delay => delay.Due <= _time.GetTimestamp());
        foreach ((_, TaskCompletionSource done) in due)
        {
            done.SetResult();
        }
    }

    public void Wake()
    {
    }

    public void WakeAfter(TimeSpan delay) => Run(async token => await DelayAsync(delay, token));

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new();
        _delays.Add((_time.GetTimestamp() + delay.Ticks, done));
        return done.Task;
    }

    public void Post(Action mail) => mail();

    public void Run(Func<CancellationToken, ValueTask> work) => _ = ObserveAsync(work);

    public void RunBlocking(string name, Action<CancellationToken> work) => work(CancellationToken);

    public Task<SplitAnswer> RequestSplitAsync(string sourceOperatorId, CancellationToken cancellationToken) =>
        Task.FromResult(new SplitAnswer(SplitAssignmentKind.NoMore, null));

    /// <summary>Answers how far the slowest of a group is; what was told stands in <see cref="Aligned"/>.</summary>
    public Func<long> Slowest { get; set; } = () => long.MaxValue;

    public List<long> Aligned { get; } = [];

    public Task<long> AlignAsync(
        string sourceOperatorId, string group, long watermark, CancellationToken cancellationToken)
    {
        Aligned.Add(watermark);
        return Task.FromResult(Slowest());
    }

    // The one place where the end of work is seen.
    private async Task ObserveAsync(Func<CancellationToken, ValueTask> work)
    {
        try
        {
            await work(CancellationToken);
        }
#pragma warning disable CA1031 // A test looks at what failed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failures.Add(exception);
        }
    }
}
