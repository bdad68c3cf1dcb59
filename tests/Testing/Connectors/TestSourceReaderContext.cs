using Millrace.Programs;

namespace Millrace.Connectors;

/// <summary>What a source reader may know and use, without a runtime: work off the loop is done as a test
/// says.</summary>
public sealed class TestSourceReaderContext(
    int subtaskIndex = 0, int parallelism = 1, TimeProvider? time = null, JobArguments? arguments = null)
    : SourceReaderContext
{
    /// <summary>What the reader started off its loop.</summary>
    public OffLoopQueue OffLoop { get; } = new();

    /// <summary>Number of times the loop was woken, the ends of work off the loop included.</summary>
    public int Wakes { get; private set; }

    /// <summary>Waits the reader asked for, in order.</summary>
    public IList<TimeSpan> Delays { get; } = [];

    /// <inheritdoc/>
    public override int SubtaskIndex => subtaskIndex;

    /// <inheritdoc/>
    public override int Parallelism => parallelism;

    /// <inheritdoc/>
    public override JobArguments Arguments { get; } = arguments ?? JobArguments.Empty;

    /// <inheritdoc/>
    public override TimeProvider Time { get; } = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public override CancellationToken CancellationToken => OffLoop.CancellationToken;

    /// <inheritdoc/>
    public override void Wake() => Wakes++;

    /// <inheritdoc/>
    public override void WakeAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Delays.Add(delay);
    }

    /// <inheritdoc/>
    public override void Run(Func<CancellationToken, ValueTask> work) => OffLoop.Start(work, Wake);

    /// <inheritdoc/>
    public override void RunBlocking(string name, Action<CancellationToken> work) => OffLoop.Start(
        token =>
        {
            work(token);
            return ValueTask.CompletedTask;
        },
        Wake);
}
