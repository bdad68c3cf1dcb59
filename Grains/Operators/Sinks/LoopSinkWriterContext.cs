using Millrace.Connectors;
using Millrace.Functions;

namespace Millrace.Operators.Sinks;

/// <summary>A writer's view of the loop it writes on.</summary>
internal sealed class LoopSinkWriterContext(
    ISubtaskLoop loop, RuntimeContext runtime, Action wake, Action<string, byte[]> returned) : SinkWriterContext
{
    public override RuntimeContext Runtime => runtime;

    public override void Wake() => wake();

    public override void WakeAfter(TimeSpan delay) => loop.Run(async cancellationToken =>
    {
        await loop.DelayAsync(delay, cancellationToken);
        wake();
    });

    public override void Run(Func<CancellationToken, ValueTask> work) => loop.Run(async cancellationToken =>
    {
        await work(cancellationToken);
        wake();
    });

    public override void ReturnToClient(string name, byte[] bytes) => returned(name, bytes);
}
