using Millrace.Execution;

namespace Millrace.UserCode;

/// <summary>Work on the pool, ids counted up, a clock of the test's own; no loops and no connections.</summary>
internal sealed class PoolExecution(TimeProvider? time = null) : IExecution
{
    private static int Ids;

    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    public ITransport Transport => throw new NotSupportedException();

    public IFiles Files => throw new NotSupportedException();

    public LoopHandle StartLoop(ILoop loop, LoopShare share) => throw new NotSupportedException();

    public Task RunAsync(Func<Task> work) => Task.Run(work);

    public Task RunBlockingAsync(string name, Action work) => throw new NotSupportedException();

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Guid NewId() => new(Interlocked.Increment(ref Ids), 0, 0, new byte[8]);

    public Random NewRandom() => throw new NotSupportedException();
}
