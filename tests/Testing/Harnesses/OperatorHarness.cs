using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Operators;
using Millrace.Operators.Keyed;
using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Harnesses;

/// <summary>One operator in a test: what comes out of it, what it keeps, and the time it sees.</summary>
/// <remarks>Opened when it is made; disposing it closes its functions. Its outputs always have room. What a function
/// throws comes out of the call that made it. Belongs to one thread.</remarks>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public abstract class OperatorHarness<TOut> : IDisposable
{
    private readonly TestLoop _loop = new();
    private readonly HarnessParts<TOut> _parts;
    private readonly StreamOperator _step;
    private int _taken;

    private protected OperatorHarness(
        StreamExecutionEnvironment environment, StreamNode node, HarnessSettings settings)
    {
        _parts = HarnessParts<TOut>.Of(environment, node, settings, _loop, _loop.Clock);
        _step = new HarnessBuilder<TOut>(_parts).Build(node.Transformation);
        try
        {
            if (settings.Restore.Count > 0)
            {
                _step.Restore([.. settings.Restore.Select(restored => restored.Snapshot)]);
            }

            _step.Open(_ => _parts.Context);
        }
        catch
        {
            _step.Dispose();
            throw;
        }
    }

    /// <summary>All records that came out of the main output, in order.</summary>
    public IReadOnlyList<TOut> Results => _parts.Output.Records;

    /// <summary>As <see cref="Results"/>, with their times.</summary>
    public IReadOnlyList<HarnessRecord<TOut>> TimedResults => HarnessRecords.Of(_parts.Output);

    /// <summary>All watermarks that came out, in order.</summary>
    public IReadOnlyList<long> Watermarks => [.. _parts.Output.Watermarks.Select(at => at.Watermark)];

    /// <summary>The time of the clock, in milliseconds since 1970-01-01 UTC. Begins at 2026-01-01.</summary>
    public long CurrentProcessingTime => _loop.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Number of timers, of all keys, that follow the watermark.</summary>
    public int EventTimeTimers => Entries(SectionKind.EventTimeTimers);

    /// <summary>Number of timers, of all keys, that follow the clock.</summary>
    public int ProcessingTimeTimers => Entries(SectionKind.ProcessingTimeTimers);

    /// <summary>The records of the main output that came since the last call.</summary>
    public IReadOnlyList<TOut> TakeResults()
    {
        TOut[] fresh = [.. Results.Skip(_taken)];
        _taken += fresh.Length;
        return fresh;
    }

    /// <summary>All records that came out of a side output, in order.</summary>
    /// <exception cref="ArgumentException">Records of another type came out under the tag's id.</exception>
    public IReadOnlyList<HarnessRecord<T>> SideOutput<T>(OutputTag<T> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return _parts.Sides.Records(tag);
    }

    /// <summary>Lets the clock move on, and timers that follow it fire.</summary>
    /// <param name="by">Not negative.</param>
    public void AdvanceProcessingTime(TimeSpan by)
    {
        _loop.Advance(by);
        EndRound();
    }

    /// <summary>An accumulator of the functions, as they get it from their runtime context.</summary>
    public TAccumulator Accumulator<TAccumulator>(string name)
        where TAccumulator : Accumulator, new() => _parts.Context.Accumulator<TAccumulator>(name);

    /// <summary>Reads the state of one key, out of a snapshot that is taken for it.</summary>
    /// <param name="key">The key, of the type that the program keys by.</param>
    /// <param name="read">Asks for state and reads it; what it returns must not read further. It cannot change
    /// anything.</param>
    public T ReadState<TKey, T>(TKey key, Func<RuntimeContext, T> read)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(read);
        var backend = new HeapStateBackend<TKey>(_parts.State);
        backend.Restore([Take().Keyed]);
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        return read(new KeyedRuntimeContext(_parts.Context, backend.Keyed));
    }

    /// <summary>Reads state that belongs to no key, broadcast state among it, out of a snapshot that is taken for
    /// it.</summary>
    /// <param name="read">Asks for state and reads it. It cannot change anything.</param>
    public T ReadOperatorState<T>(Func<RuntimeContext, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var backend = new OperatorStateBackend(_parts.Name, _parts.Serializers);
        backend.Restore([Take().Unkeyed]);
        return read(OperatorRuntimeContext.Open(new TestRuntimeContext { Operator = _parts.Name }, backend));
    }

    /// <summary>What the operator keeps, as a checkpoint would hold it now. The harness goes on afterwards.</summary>
    public HarnessSnapshot Snapshot() => new(Take());

    /// <inheritdoc/>
    public void Dispose()
    {
        _step.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Counts the batches that records came in.</summary>
    internal BatchAccount Batches { get; } = new();

    private protected StreamOperator Step => _step;

    private protected SerializerSet Serializers => _parts.Serializers;

    /// <summary>One record in a batch of its own; released by the caller.</summary>
    private protected RecordBatch<T> BatchOf<T>(T record, long? timestamp)
    {
        RecordBatch<T> batch = new BatchPool<T>(1, BatchLayout.Timestamps, Batches).Rent();
        batch.Values[0] = record;
        batch.Timestamps![0] = timestamp ?? RecordBatch.NoTimestamp;
        batch.Count = 1;
        return batch;
    }

    private protected void Finish(Func<long, bool> advance, Func<bool> finish)
    {
        Repeat(() => advance(long.MaxValue));
        Repeat(finish);
    }

    // A unit of work may take several calls; with outputs that have room always, not many.
    private protected void Repeat(Func<bool> call)
    {
        const int MostCalls = 100_000;
        for (int calls = 0; !call(); calls++)
        {
            if (calls == MostCalls)
            {
                throw new InvalidOperationException(
                    $"'{_parts.Name}' has not come to an end after {MostCalls} calls.");
            }
        }

        EndRound();
    }

    private void EndRound()
    {
        _step.EndRound();
        _parts.Sides.EndRound();
        if (_loop.Failures is [Exception first, ..])
        {
            throw new InvalidOperationException($"Work that '{_parts.Name}' began has failed: {first.Message}", first);
        }
    }

    // Between two calls nothing waits for a call to be made again; what waits for work ends with it, or never.
    private OperatorSnapshot Take() => _step.PrepareSnapshot()
        ? _step.Snapshot()
        : throw new InvalidOperationException(
            $"'{_parts.Name}' cannot be saved now: work that it began has not ended.");

    private int Entries(SectionKind kind)
    {
        KeyedSnapshot keyed = Take().Keyed;
        return keyed.IsEmpty
            ? 0
            : RestoredState.Of(_parts.State, [keyed]).Untouched
                .Where(section => section.Header.Kind == kind)
                .Sum(section => section.Groups.Sum(group => group.Entries));
    }
}
