using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Operators.Outputs;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Process;

/// <summary>One subtask with a keyed process function, its records keyed by their first part.</summary>
internal sealed class ProcessSubtask : IDisposable
{
    public const int KeyGroups = 12;

    private static readonly SerializerSet Serializers = new();

    private readonly KeyedProcessOperator<string, (string Key, long Value), string> _step;
    private readonly TestOutput<string> _output;
    private readonly BatchPool<(string, long)> _pool = new(8, BatchLayout.None, new BatchAccount());

    public ProcessSubtask(
        KeyedProcessFunction<string, (string Key, long Value), string> function,
        KeyGroupRange? range = null,
        ClockLoop? loop = null,
        IReadOnlyList<OperatorSnapshot>? restored = null,
        Func<int, bool>? available = null,
        StateEnvironment? state = null,
        params SideOutput[] sides)
    {
        Loop = loop ?? new ClockLoop();
        Range = range ?? new KeyGroupRange(0, KeyGroups);
        _output = new TestOutput<string>(3, available ?? (_ => true));
        var clock = new RoundClock(Loop.Clock);
        clock.Begin();
        _step = new KeyedProcessOperator<string, (string Key, long Value), string>(
            new(new ElementsTransformation<(string Key, long Value)>([]), record => record.Key, function),
            (state ?? StateEnvironment.Memory).Create<string>(Settings, backend: null),
            Loop,
            clock,
            _output,
            new SideOutputs("KeyedProcess", sides));
        if (restored is not null)
        {
            _step.Restore(restored);
        }

        _step.Open(name => new TestRuntimeContext(time: Loop.Clock) { Operator = name });
    }

    public ClockLoop Loop { get; }

    public KeyGroupRange Range { get; }

    /// <summary>What was emitted so far.</summary>
    public List<string> Results
    {
        get
        {
            _output.EndRound();
            return _output.Records;
        }
    }

    private KeyedStateSettings Settings => new("KeyedProcess", Serializers, KeyGroups, Range, Loop.Clock);

    /// <summary>Number of entries of all states, and of timers, of all keys together.</summary>
    public int Entries =>
        SnapshotEntries.Of(Snapshot(), Settings).SelectMany(kind => kind).Sum(section => section.Count);

    public bool Owns(string key) => Range.Contains(
        KeyGroupAssignment.KeyGroupOf(Serializers.GetKeyHasher<string>().Hash(in key), KeyGroups));

    /// <summary>Processes a record, however often that takes.</summary>
    public void Process(string key, long value)
    {
        RecordBatch<(string, long)> batch = _pool.Rent();
        batch.Values[batch.Count++] = (key, value);
        Repeat(() => _step.Process(batch, 0, 1) == 1);
        batch.Release();
    }

    /// <summary>Lets time come so far, however many calls that takes.</summary>
    /// <returns>The number of calls.</returns>
    public int Advance(long watermark) => Repeat(() => _step.Advance(watermark));

    public void EndRound() => _step.EndRound();

    public OperatorSnapshot Snapshot() => _step.Snapshot();

    public void Finish() => Repeat(() => _step.Finish());

    public void Dispose() => _step.Dispose();

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
