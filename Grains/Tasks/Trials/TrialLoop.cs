using Millrace.Connectors;
using Millrace.Operators;

namespace Millrace.Tasks.Trials;

/// <summary>The loop of operators that are opened and never run.</summary>
internal sealed class TrialLoop(TimeProvider time, CancellationToken stop) : ISubtaskLoop
{
    public TimeProvider Time => time;

    public CancellationToken CancellationToken => stop;

    public long ReadingTicks => 0;

    public void Wake()
    {
    }

    public void WakeAfter(TimeSpan delay)
    {
    }

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay, time, cancellationToken);

    public void Post(Action mail)
    {
    }

    public void Run(Func<CancellationToken, ValueTask> work)
    {
    }

    public void RunBlocking(string name, Action<CancellationToken> work)
    {
    }

    public Task<SplitAnswer> RequestSplitAsync(string sourceOperatorId, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing is read where state is only tried.");

    public Task<long> AlignAsync(
        string sourceOperatorId, string group, long watermark, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing is read where state is only tried.");
}
