using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions.Async;
using Millrace.Graph.Async;
using Millrace.Operators.Process;
using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Async;

/// <summary>How a subtask with an asynchronous function is made.</summary>
internal sealed record AsyncCase(bool IsOrdered = true, int Capacity = 100)
{
    /// <summary>For each record, in milliseconds; null for any time.</summary>
    public int? Timeout { get; init; }

    public AsyncRetryStrategy<string>? Retry { get; init; }

    public int Subtask { get; init; }

    public int Parallelism { get; init; } = 1;

    public Func<int, bool> HasRoom { get; init; } = _ => true;

    public AsyncWait Wait => new(
        IsOrdered,
        Timeout is int milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : System.Threading.Timeout.InfiniteTimeSpan,
        Capacity);
}

/// <summary>One subtask with an asynchronous function; a round of its loop is run when the test says so.</summary>
internal sealed class AsyncSubtask : IDisposable
{
    private static readonly SerializerSet Serializers = new();

    private readonly AsyncWaitOperator<int, string, string, ResultsEmission<int, string>> _step;
    private readonly TestOutput<string> _output;
    private readonly RoundClock _clock;
    private readonly BatchPool<int> _pool = new(1, BatchLayout.Timestamps, new BatchAccount());

    public AsyncSubtask(
        AsyncCase given,
        AskedFunction? function = null,
        ClockLoop? loop = null,
        IReadOnlyList<OperatorSnapshot>? restored = null)
    {
        Function = function ?? new AskedFunction();
        Loop = loop ?? new ClockLoop();
        _clock = new RoundClock(Loop.Clock);
        _clock.Begin();
        _output = new TestOutput<string>(4, given.HasRoom, hasTimestamps: true);
        _step = new(
            new("Ask", Function, given.Retry, given.Wait, new("Ask", Serializers), Loop, _clock), default, _output);
        if (restored is not null)
        {
            _step.Restore(restored);
        }

        _step.Open(name => new TestRuntimeContext(given.Subtask, given.Parallelism, Loop.Clock) { Operator = name });
    }

    public AskedFunction Function { get; }

    public ClockLoop Loop { get; }

    public bool CanTake => _step.CanTake;

    public bool IsFinished => _step.IsFinished;

    public string? FailedPosition => _step.FailedPosition;

    /// <summary>What was emitted so far.</summary>
    public List<string> Results => _output.Records;

    /// <summary>Timestamps of the results.</summary>
    public List<long> Timestamps => _output.Timestamps;

    /// <summary>Watermarks so far, each with the number of results before it.</summary>
    public List<(long Watermark, int RecordsBefore)> Watermarks => _output.Watermarks;

    public List<StreamElement> Controls => _output.Controls;

    /// <summary>Offers a record whose timestamp is ten times its value.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool Offer(int value)
    {
        RecordBatch<int> batch = _pool.Rent();
        batch.Values[0] = value;
        batch.Timestamps![0] = value * 10L;
        batch.Count = 1;
        int taken = _step.Process(batch, 0, 1);
        batch.Release();
        return taken == 1;
    }

    /// <summary>Offers records that must be taken.</summary>
    public void Take(params int[] values) =>
        CollectionAssert.AreEqual(values, values.Where(Offer).ToArray(), "taken");

    public bool Advance(long watermark) => _step.Advance(watermark);

    public void Change(WatermarkStatus status) => _step.Change(status);

    public bool Finish() => _step.Finish();

    /// <summary>A round without input.</summary>
    public void Round()
    {
        _clock.Begin();
        _step.EndRound();
    }

    /// <summary>Lets time pass, and then runs a round.</summary>
    public void Pass(int milliseconds)
    {
        Loop.Advance(milliseconds);
        Round();
    }

    public OperatorSnapshot Snapshot() => _step.Snapshot();

    /// <summary>What may wait in front of it.</summary>
    public OperatorInput<int> Input() => new(_step, _clock, new ChainFailure());

    public void Dispose() => _step.Dispose();
}
