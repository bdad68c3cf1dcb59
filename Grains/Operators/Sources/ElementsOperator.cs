using Millrace.Batches;
using Millrace.Functions;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Sources;

/// <summary>
/// Emits records given in the program, from the bytes that travel with the plan: the head of a chain.
/// </summary>
internal sealed class ElementsOperator<T>(
    string name,
    byte[] bytes,
    TypeSerializer<T> serializer,
    OperatorStateBackend states,
    RoundClock clock,
    ChainFailure failure,
    Output<T> output)
    : StreamOperator(name), IChainHead
{
    private readonly int _count = new RecordReader(bytes).ReadInt32();
    private readonly OperatorStateBackend _states = states;
    private IListState<ElementsPlace> _place = null!;
    private int _offset = sizeof(int);
    private int _emitted;
    private int _lastCount;

    public long Records => _emitted;

    public long Batches { get; private set; }

    public bool HasSeenEnd => IsFinished;

    public override bool CanTake => output.IsAvailable;

    // What its output throws, where a function of the program says which way records go, is of this operator too.
    public HeadStatus Run()
    {
        try
        {
            StreamOperator? caller = failure.Enter(this);
            HeadStatus status = EmitBatches();
            failure.Leave(caller);
            return status;
        }
        catch (Exception exception) when (failure.Note(exception, this))
        {
            throw;
        }
    }

    public void EndTime() => output.EmitWatermark(long.MaxValue);

    public string? DescribePosition(int index) =>
        index < 0 || _lastCount == 0
            ? null
            : $"record {_emitted - _lastCount + Math.Min(index, _lastCount - 1)} of those given in the program, from 0";

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) =>
        _states.Restore([.. snapshots.Select(snapshot => snapshot.Unkeyed)]);

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        _place.Update([new ElementsPlace(_emitted, _offset)]);
        return new FrozenOperator { Unkeyed = _states.Freeze() };
    }

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        RuntimeContext subtask = contextOf(Name);
        _states.Open(subtask.SubtaskIndex, subtask.Parallelism);
        _place = _states.GetUnion(new ListStateDescriptor<ElementsPlace>("place"));
        if (_place.Count > 0)
        {
            (_emitted, _offset) = _place[0];
        }
    }

    public override void EndRound() => output.EndRound();

    public override void Dispose() => output.Dispose();

    private HeadStatus EmitBatches()
    {
        while (!clock.IsOver)
        {
            if (!output.IsAvailable)
            {
                return HeadStatus.Backpressured;
            }

            if (_emitted == _count)
            {
                output.EmitWatermark(long.MaxValue);
                output.Emit(EndOfData.Instance);
                IsFinished = true;
                return HeadStatus.Finished;
            }

            EmitBatch();
            clock.Read();
        }

        return HeadStatus.Ready;
    }

    private void EmitBatch()
    {
        Span<T> room = output.Room();
        int count = Math.Min(room.Length, _count - _emitted);
        var reader = new RecordReader(bytes.AsSpan(_offset));
        int before = reader.Remaining;
        serializer.ReadBatch(ref reader, room[..count]);
        if (output.HasTimestamps)
        {
            output.TimestampRoom()[..count].Fill(RecordBatch.NoTimestamp);
        }

        _offset += before - reader.Remaining;
        _emitted += count;
        _lastCount = count;
        Batches++;
        output.Advance(count);
    }
}

/// <summary>How far the records given in a program have been emitted.</summary>
/// <param name="Emitted">Number of records.</param>
/// <param name="Offset">Bytes read of them.</param>
internal readonly record struct ElementsPlace(int Emitted, int Offset);
