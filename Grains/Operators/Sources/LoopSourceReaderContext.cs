using Millrace.Connectors;
using Millrace.Functions;
using Millrace.Programs;

namespace Millrace.Operators.Sources;

/// <summary>A reader's view of the loop it is read on.</summary>
internal sealed class LoopSourceReaderContext(ISubtaskLoop loop, RuntimeContext runtime) : SourceReaderContext
{
    public override int SubtaskIndex => runtime.SubtaskIndex;

    public override int Parallelism => runtime.Parallelism;

    public override JobArguments Arguments => runtime.Arguments;

    public override TimeProvider Time => loop.Time;

    public override CancellationToken CancellationToken => loop.CancellationToken;

    public override void Wake() => loop.Wake();

    public override void WakeAfter(TimeSpan delay) => loop.WakeAfter(delay);

    public override void Run(Func<CancellationToken, ValueTask> work) => loop.Run(work);

    public override void RunBlocking(string name, Action<CancellationToken> work) => loop.RunBlocking(name, work);
}
