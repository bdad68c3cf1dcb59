using System.Reflection;
using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Execution.Spilling;
using Millrace.Operators.Outputs;
using Millrace.Operators.Process;
using Millrace.Operators.Sorting;
using Millrace.Serialization;
using Millrace.Simulation;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Windows;

/// <summary>One subtask with an operator of windows over clicks by user.</summary>
internal sealed class WindowRun<TOut> : IDisposable
{
    public const int KeyGroups = 12;

    private static readonly SerializerSet Serializers = new();

    private readonly StreamOperator<Click> _step;
    private readonly TestOutput<TOut> _output;
    private readonly TestOutput<Click> _late = new(4, _ => true, hasTimestamps: true);
    private readonly BatchPool<Click> _pool = new(64, BatchLayout.Timestamps, new BatchAccount());

    /// <param name="stream">The result of the windows; their operator is what runs.</param>
    /// <param name="range">Key groups of the subtask; null for all.</param>
    /// <param name="restored">What it takes over.</param>
    /// <param name="available">Whether the output has room, by the number of times it was asked before.</param>
    /// <param name="loop">The loop, whose clock goes on.</param>
    /// <param name="sorts">Whether it stands behind a sort, as in batch mode.</param>
    public WindowRun(
        DataStream<TOut> stream,
        KeyGroupRange? range = null,
        IReadOnlyList<OperatorSnapshot>? restored = null,
        Func<int, bool>? available = null,
        ClockLoop? loop = null,
        bool sorts = false)
    {
        Range = range ?? new KeyGroupRange(0, KeyGroups);
        Loop = loop ?? new ClockLoop();
        Clock = new RoundClock(Loop.Clock);
        Clock.Begin();
        _output = new TestOutput<TOut>(3, available ?? (_ => true), hasTimestamps: true);
        var parts = new WindowOperatorParts<string, TOut>(
            new HeapStateBackend<string>(new("Windows", Serializers, KeyGroups, Range, Loop.Clock)),
            Loop,
            Clock,
            _output,
            new SideOutputs("Windows", new SideOutput<Click>("late", _late)));
        _step = sorts ? Sorted(OperatorOf(stream, parts)) : OperatorOf(stream, parts);
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
    public List<Click> Late
    {
        get
        {
            _late.EndRound();
            return _late.Records;
        }
    }

    public bool Owns(Click click) => Range.Contains(
        KeyGroupAssignment.KeyGroupOf(Serializers.GetKeyHasher<string>().Hash(click.User), KeyGroups));

    /// <summary>Processes records, however many calls that takes.</summary>
    public void Process(params ReadOnlySpan<Click> clicks)
    {
        RecordBatch<Click> batch = _pool.Rent();
        foreach (Click click in clicks)
        {
            batch.Timestamps![batch.Count] = click.At;
            batch.Values[batch.Count++] = click;
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

    public OperatorSnapshot Snapshot() => _step.Snapshot();

    public void Dispose() => _step.Dispose();

    // Everything fits the memory.
    private KeySortOperator<string, Click> Sorted(StreamOperator<Click> step)
    {
        Assert.IsTrue(step.TryTakeByKey());
        var space = new SpillSpace(new SimulatedExecution(1), new BatchOptions { SpillDirectory = "spill" });
        var tools = new SortTools(Loop, Clock, new ChainFailure());
        return new KeySortOperator<string, Click>(
            step,
            new SortedInput<string, Click>(
                step,
                click => click.User,
                Serializers.GetKeyHasher<string>(),
                new RecordSorter<Click>(Serializers.Get<Click>(), space, 1 << 24),
                new BatchPool<Click>(5, BatchLayout.Timestamps, new BatchAccount()),
                tools),
            tools);
    }

    private static StreamOperator<Click> OperatorOf(
        DataStream<TOut> stream, WindowOperatorParts<string, TOut> parts)
    {
        MethodInfo[] methods = typeof(WindowOperators).GetMethods(BindingFlags.Static | BindingFlags.Public);
        MethodInfo method = methods.Single(method =>
            method.GetParameters()[0].ParameterType.Name == stream.Transformation.GetType().Name);
        Type[] types = stream.Transformation.GetType().GetGenericArguments();
        return (StreamOperator<Click>)method.MakeGenericMethod(types).Invoke(null, [stream.Transformation, parts])!;
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
