using Millrace.Functions;

namespace Millrace.Connectors;

/// <summary>What a sink writer may know and use, without a runtime: work off the loop is done as a test says.</summary>
public sealed class TestSinkWriterContext(RuntimeContext? runtime = null) : SinkWriterContext
{
    private readonly List<(string Name, byte[] Bytes)> _returned = [];

    /// <summary>What the writer started off its loop.</summary>
    public OffLoopQueue OffLoop { get; } = new();

    /// <summary>Number of times the loop was woken, the ends of work off the loop included.</summary>
    public int Wakes { get; private set; }

    /// <summary>Waits the writer asked for, in order.</summary>
    public IList<TimeSpan> Delays { get; } = [];

    /// <summary>Bytes for the client, in order.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Returned => _returned;

    /// <inheritdoc/>
    public override RuntimeContext Runtime { get; } = runtime ?? new TestRuntimeContext();

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
    public override void ReturnToClient(string name, byte[] bytes) => _returned.Add((name, bytes));
}
