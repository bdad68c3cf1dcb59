using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Operators;

namespace Millrace.Tasks.Trials;

/// <summary>The loop of operators that are opened and never run.</summary>
internal sealed class TrialLoop(IExecution execution, CancellationToken stop) : ISubtaskLoop
{
    public TimeProvider Time => execution.Time;

    public CancellationToken CancellationToken => stop;

    public long ReadingTicks => 0;

    public void Wake()
    {
    }

    public void WakeAfter(TimeSpan delay)
    {
    }

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        execution.DelayAsync(delay, cancellationToken);

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
