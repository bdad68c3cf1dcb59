using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Execution.Spilling;
using Millrace.Graph.Windows;
using Millrace.Operators.Outputs;
using Millrace.Operators.Process;
using Millrace.Operators.Sorting;
using Millrace.Serialization;
using Millrace.Simulation;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Windows;

/// <summary>One subtask with an operator of windows over records with keys that are texts.</summary>
internal class WindowSubtask<TIn, TOut> : IDisposable
{
    public const int KeyGroups = 12;

    private static readonly SerializerSet Serializers = new();

    private readonly StreamOperator<TIn> _step;
    private readonly StreamOperator<TIn> _windows;
    private readonly Func<TIn, string> _keyOf;
    private readonly TestOutput<TOut> _output;
    private readonly TestOutput<TIn> _late = new(4, _ => true, hasTimestamps: true);
    private readonly BatchPool<TIn> _pool = new(64, BatchLayout.Timestamps, new BatchAccount());

    /// <param name="stream">The result of the windows; their operator is what runs.</param>
    /// <param name="range">Key groups of the subtask; null for all.</param>
    /// <param name="restored">What it takes over.</param>
    /// <param name="available">Whether the output has room, by the number of times it was asked before.</param>
    /// <param name="loop">The loop, whose clock goes on.</param>
    /// <param name="sorts">Whether it stands behind a sort, as in batch mode.</param>
    /// <param name="state">Where it keeps its state; null for memory.</param>
    public WindowSubtask(
        DataStream<TOut> stream,
        KeyGroupRange? range = null,
        IReadOnlyList<OperatorSnapshot>? restored = null,
        Func<int, bool>? available = null,
        ClockLoop? loop = null,
        bool sorts = false,
        StateEnvironment? state = null)
    {
        Range = range ?? new KeyGroupRange(0, KeyGroups);
        Loop = loop ?? new ClockLoop();
        Clock = new RoundClock(Loop.Clock);
        Clock.Begin();
        _output = new TestOutput<TOut>(3, available ?? (_ => true), hasTimestamps: true);
        var parts = new WindowOperatorParts<string, TOut>(
            (state ?? StateEnvironment.Memory).Create<string>(Settings, backend: null),
            Loop,
            Clock,
            _output,
            new SideOutputs("Windows", new SideOutput<TIn>("late", _late)));
        var builder = new WindowBuilder<string, TIn, TOut>(parts);
        var windows = (WindowTransformation<string, TIn, TOut>)stream.Transformation;
        _keyOf = windows.KeySelector;
        windows.Accept(builder);
        _windows = builder.Built;
        _step = sorts ? Sorted(_windows) : _windows;
        if (restored is not null)
        {
            _step.Restore(restored);
        }

        _step.Open(name => new TestRuntimeContext(time: Loop.Clock) { Operator = name });
    }

    public ClockLoop Loop { get; }

    public RoundClock Clock { get; }

    public KeyGroupRange Range { get; }

    /// <summary>What was emitted so far.</summary>
    public List<TOut> Results
    {
        get
        {
            _output.EndRound();
            return _output.Records;
        }
    }

    /// <summary>Timestamps of <see cref="Results"/>.</summary>
    public List<long> Timestamps => _output.Timestamps;

    /// <summary>Records that came too late.</summary>
    public List<TIn> Late
    {
        get
        {
            _late.EndRound();
            return _late.Records;
        }
    }

    private KeyedStateSettings Settings => new("Windows", Serializers, KeyGroups, Range, Loop.Clock);

    /// <summary>Number of windows, or parts of them, that are kept of all keys together.</summary>
    public int Entries => SnapshotEntries.Of(Snapshot(), Settings)[SectionKind.Value]
        .Single(section => section.Name == ContentsSection<string, long>.Name).Count;

    public bool Owns(TIn record) => Range.Contains(
        KeyGroupAssignment.KeyGroupOf(Serializers.GetKeyHasher<string>().Hash(_keyOf(record)), KeyGroups));

    /// <summary>Processes records with their times, however many calls that takes.</summary>
    public void Process(params ReadOnlySpan<(TIn Record, long Time)> records)
    {
        RecordBatch<TIn> batch = _pool.Rent();
        foreach ((TIn record, long time) in records)
        {
            batch.Timestamps![batch.Count] = time;
            batch.Values[batch.Count++] = record;
        }

        int position = 0;
        Repeat(() => (position = _step.Process(batch, position, batch.Count)) == batch.Count);
        batch.Release();
    }

    /// <summary>Lets time come so far, however many calls that takes.</summary>
    /// <returns>The number of calls.</returns>
    public int Advance(long watermark) => Repeat(() => _step.Advance(watermark));

    /// <summary>Lets time come so far by one call.</summary>
    /// <returns>Whether it did.</returns>
    public bool TryAdvance(long watermark) => _step.Advance(watermark);

    /// <summary>A round ends, and another one begins.</summary>
    public void EndRound()
    {
        _step.EndRound();
        Clock.Begin();
    }

    public void Finish() => Repeat(_step.Finish);

    /// <summary>Whether the operator would take its input key by key.</summary>
    public bool TryTakeByKey() => _step.TryTakeByKey();

    /// <summary>What the windows keep; of a sort before them there is nothing to be saved.</summary>
    public OperatorSnapshot Snapshot() => _windows.Snapshot();

    public void Dispose() => _step.Dispose();

    // Everything fits the memory.
    private KeySortOperator<string, TIn> Sorted(StreamOperator<TIn> step)
    {
        Assert.IsTrue(step.TryTakeByKey());
        var space = new SpillSpace(new SimulatedExecution(1), new BatchOptions { SpillDirectory = "spill" });
        var tools = new SortTools(Loop, Clock, new ChainFailure());
        return new KeySortOperator<string, TIn>(
            step,
            new SortedInput<string, TIn>(
                step,
                _keyOf,
                Serializers.GetKeyHasher<string>(),
                new RecordSorter<TIn>(Serializers.Get<TIn>(), space, 1 << 24),
                new BatchPool<TIn>(5, BatchLayout.Timestamps, new BatchAccount()),
                tools),
            tools);
    }

    private static int Repeat(Func<bool> call)
    {
        int calls = 1;
        for (; !call(); calls++)
        {
            Assert.IsLessThan(10_000, calls, "no progress");
        }

        return calls;
    }
}

/// <summary>One subtask with an operator of windows over clicks by user.</summary>
internal sealed class WindowRun<TOut>(
    DataStream<TOut> stream,
    KeyGroupRange? range = null,
    IReadOnlyList<OperatorSnapshot>? restored = null,
    Func<int, bool>? available = null,
    ClockLoop? loop = null,
    bool sorts = false,
    StateEnvironment? state = null)
    : WindowSubtask<Click, TOut>(stream, range, restored, available, loop, sorts, state)
{
    /// <summary>Processes clicks, however many calls that takes.</summary>
    public void Process(params ReadOnlySpan<Click> clicks)
    {
        var records = new (Click Record, long Time)[clicks.Length];
        for (int i = 0; i < clicks.Length; i++)
        {
            records[i] = (clicks[i], clicks[i].At);
        }

        Process(records);
    }
}
