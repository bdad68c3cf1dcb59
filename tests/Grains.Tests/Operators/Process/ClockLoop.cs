using Microsoft.Extensions.Time.Testing;
using Millrace.Connectors;

namespace Millrace.Operators.Process;

/// <summary>A loop for one operator: work runs until it waits, and delays end when the test moves the clock.</summary>
internal sealed class ClockLoop : ISubtaskLoop
{
    private readonly List<(DateTimeOffset Due, TaskCompletionSource Done)> _delays = [];

    /// <summary>Work that was started; of those that wait for a delay, one each.</summary>
    public List<Task> Work { get; } = [];

    /// <summary>How often a round was asked for.</summary>
    public int WakeUps { get; private set; }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch);

    public TimeProvider Time => Clock;

    public long ReadingTicks => 0;

    public CancellationToken CancellationToken => CancellationToken.None;

    /// <summary>Moves the clock, and ends the delays that are over by then.</summary>
    public void Advance(long milliseconds)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        foreach ((DateTimeOffset Due, TaskCompletionSource Done) delay in _delays.ToArray())
        {
            if (delay.Due <= Clock.GetUtcNow())
            {
                _delays.Remove(delay);
                delay.Done.SetResult();
            }
        }
    }

    public void Wake() => WakeUps++;

    public void WakeAfter(TimeSpan delay) => Run(async token =>
    {
        await DelayAsync(delay, token);
        Wake();
    });

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new();
        _delays.Add((Clock.GetUtcNow() + delay, done));
        return done.Task;
    }

    public void Post(Action mail)
    {
        mail();
        Wake();
    }

    public void Run(Func<CancellationToken, ValueTask> work) => Work.Add(work(CancellationToken.None).AsTask());

    public void RunBlocking(string name, Action<CancellationToken> work) => throw new NotSupportedException(name);

    public Task<SplitAnswer> RequestSplitAsync(string sourceOperatorId, CancellationToken cancellationToken) =>
        throw new NotSupportedException(sourceOperatorId);

    public Task<long> AlignAsync(
        string sourceOperatorId, string group, long watermark, CancellationToken cancellationToken) =>
        throw new NotSupportedException(sourceOperatorId);
}
