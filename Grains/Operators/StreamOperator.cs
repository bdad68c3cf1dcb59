using Millrace.Batches;
using Millrace.Functions;
using Millrace.State.Snapshots;

namespace Millrace.Operators;

/// <summary>One step of a chain. Belongs to one loop; knows no threads and no network.</summary>
internal abstract class StreamOperator(string name) : IDisposable
{
    private int _left;

    /// <summary>Its name in the plan.</summary>
    public string Name { get; } = name;

    /// <summary>Name of the operator whose function threw last, where several have become one.</summary>
    public virtual string FailedName => Name;

    /// <summary>Which record an exception is about; null where that is the one at work.</summary>
    public virtual string? FailedPosition => null;

    /// <summary>Names of all that it does, joined by arrows. From any thread.</summary>
    public virtual string WorkName => Name;

    /// <summary>Whether another unit of work may begin: its outputs have room.</summary>
    public abstract bool CanTake { get; }

    /// <summary>Whether the end of data has passed through.</summary>
    public bool IsFinished { get; protected set; }

    /// <summary>Index, in the batch at work, of the record at work or at work last; -1 before the first one.</summary>
    /// <remarks>Written for each record and read when a function has thrown: one store is less than an exception filter
    /// would cost, which keeps the loop's variables out of registers.</remarks>
    public int Record
    {
        get => BlockEnd - Left;
        protected set
        {
            BlockEnd = value;
            Left = 0;
        }
    }

    /// <summary>Index behind the last record of the loop at work.</summary>
    protected int BlockEnd { get; set; } = -1;

    /// <summary>Records the loop at work has still to do, with that at work.</summary>
    protected ref int Left => ref _left;

    /// <summary>Before <see cref="Open"/>, if at all: takes over what operators of the same id kept, for the key groups
    /// of this one.</summary>
    /// <param name="snapshots">Of all former subtasks, however many, in their order.</param>
    /// <exception cref="State.IncompatibleStateException">What they hold cannot be taken over.</exception>
    public virtual void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
    }

    /// <summary>Whether it can be saved, and go on from what was saved. One that cannot stands in batch mode only,
    /// where no checkpoint is taken and what is lost runs again: <see cref="Restore"/> and <see cref="Freeze"/> refuse
    /// then.</summary>
    public virtual bool TakesSnapshots => true;

    /// <summary>Whether each subtask is restored with the items of all; else each item goes to one of them.</summary>
    public virtual bool SharesItems => false;

    /// <summary>Brings the record at work to its end, though the outputs may have no room, so that the operator can be
    /// saved while it is held up.</summary>
    /// <returns>Records that this brought to their end, which are not to be offered again: one or none; or -1 when it
    /// cannot be, at least not yet: ask again in the next round.</returns>
    public virtual int EndUnit() => 0;

    /// <summary>Before a <see cref="Snapshot"/>: brings what is under way to a point at which it can be
    /// saved.</summary>
    /// <returns>False when something is still under way: a call that did not come to its end is to be made again until
    /// it does, nothing new may begin, and when there is no such call the loop is woken. Ask again then.</returns>
    public virtual bool PrepareSnapshot() => true;

    /// <summary>What the operator keeps, between two units of work after <see cref="Open"/>, once <see
    /// cref="PrepareSnapshot"/> has said yes; in a time that does not depend on how much that is. Results that wait in
    /// its outputs are no part of it: they are handed on before.</summary>
    /// <param name="order">What for, and whether changes will do.</param>
    /// <returns>To be written off the loop, and disposed, while the operator goes on.</returns>
    public virtual FrozenOperator Freeze(in SnapshotOrder order) => new();

    /// <summary>What the operator keeps, as <see cref="Freeze"/> gives it, written at once.</summary>
    public OperatorSnapshot Snapshot() => Freeze(SnapshotOrder.Everything).ToSnapshot();

    /// <summary>A checkpoint that the operator took part in is complete. Not every checkpoint is, and not of each that
    /// is the operator hears.</summary>
    /// <param name="checkpoint">Its number; greater than the last one.</param>
    public virtual void CheckpointCompleted(long checkpoint)
    {
    }

    /// <summary>Behind the last watermark, before the last <see cref="Snapshot"/> of a job that is drained: emits, unit
    /// by unit, what the end of the input would bring. No end of data follows.</summary>
    /// <returns>False when the outputs had no more room, or something is still under way: call again. When the latter,
    /// the loop is woken.</returns>
    public virtual bool TryDrain() => true;

    /// <summary>Before the first record.</summary>
    /// <param name="contextOf">What the functions of an operator see of their subtask, by the operator's name.</param>
    public virtual void Open(Func<string, RuntimeContext> contextOf)
    {
    }

    /// <summary>Before <see cref="Open"/>, if at all: its input is to come sorted by key, and <see cref="EndKeys"/>
    /// behind the records of each. Time stands until then.</summary>
    /// <returns>False when it gains nothing by that, and takes its input as it comes.</returns>
    public virtual bool TryTakeByKey() => false;

    /// <summary>Over input that is sorted by key: all records of the keys seen so far have come. Does what is due for
    /// them, unit by unit, and forgets them.</summary>
    /// <returns>False when the outputs had no more room, or the round is over: call again.</returns>
    public virtual bool EndKeys() =>
        throw new InvalidOperationException($"Operator '{Name}' does not take its input key by key.");

    /// <summary>The loop's round ends: results that wait for company within the chain go on.</summary>
    public abstract void EndRound();

    /// <summary>After the last record, or after a failure: closes functions and gives back what is held.</summary>
    public abstract void Dispose();
}

/// <summary>A step with one input.</summary>
internal abstract class StreamOperator<TIn>(string name) : StreamOperator(name)
{
    /// <summary>
    /// Processes records of a batch, unit by unit, as long as <see cref="StreamOperator.CanTake"/> says yes.
    /// </summary>
    /// <param name="batch">Read only; its holder is the caller.</param>
    /// <param name="start">First record, or the one a former call stopped at.</param>
    /// <param name="end">Behind the last record; more than <paramref name="start"/>.</param>
    /// <returns>The record to go on with: <paramref name="end"/>, or an earlier one when the outputs had no more
    /// room.</returns>
    public abstract int Process(RecordBatch<TIn> batch, int start, int end);

    /// <summary>While everything is to be saved that has come so far: takes records without working on them, though it
    /// can take none now, to be saved with what it keeps.</summary>
    /// <param name="batch">Read only; its holder is the caller.</param>
    /// <param name="start">First record that it has not taken.</param>
    /// <param name="end">Behind the last record.</param>
    /// <returns>The record to go on with; <paramref name="start"/> when it has no place for any.</returns>
    public virtual int TakeAside(RecordBatch<TIn> batch, int start, int end) => start;

    /// <summary>No record with this timestamp or an earlier one follows: does what is due by then, unit by unit, and
    /// hands the watermark on behind the results.</summary>
    /// <param name="watermark">Milliseconds since 1970-01-01 UTC; greater than the last one.</param>
    /// <returns>False when the outputs had no more room, or the round is over: call again with the same one.</returns>
    public abstract bool Advance(long watermark);

    /// <summary>Records come no longer for a while, or again: hands it on.</summary>
    public abstract void Change(WatermarkStatus status);

    /// <summary>No record follows: emits what is left, unit by unit, and then the end of data.</summary>
    /// <returns>False when the outputs had no more room, or when something is still under way: call again.</returns>
    public abstract bool Finish();

    /// <summary>One operator that does what a map does and then what this one does, in this one's place.</summary>
    /// <param name="name">Name of the map.</param>
    /// <param name="function">Its function.</param>
    /// <returns>Null when the two do not become one: nothing has changed then.</returns>
    public virtual StreamOperator<TBefore>? BehindMap<TBefore, TFunction>(string name, TFunction function)
        where TFunction : IMapFunction<TBefore, TIn> => null;

    /// <summary>One operator that does what a filter does and then what this one does, in this one's place.</summary>
    /// <param name="name">Name of the filter.</param>
    /// <param name="function">Its function.</param>
    /// <returns>Null when the two do not become one: nothing has changed then.</returns>
    public virtual StreamOperator<TIn>? BehindFilter<TFunction>(string name, TFunction function)
        where TFunction : IFilterFunction<TIn> => null;
}

/// <summary>A step with one input and one output.</summary>
internal abstract class StreamOperator<TIn, TOut>(string name, Output<TOut> output) : StreamOperator<TIn>(name)
{
    public sealed override bool CanTake => Output.IsAvailable;

    protected Output<TOut> Output { get; } = output;

    public override bool Advance(long watermark)
    {
        Output.EmitWatermark(watermark);
        return true;
    }

    public override void Change(WatermarkStatus status) => Output.Emit(status);

    public override void EndRound() => Output.EndRound();

    public sealed override bool TryDrain() => EmitRest();

    public sealed override bool Finish()
    {
        if (!EmitRest())
        {
            return false;
        }

        Output.Emit(EndOfData.Instance);
        IsFinished = true;
        return true;
    }

    public override void Dispose() => Output.Dispose();

    /// <summary>Emits what is left at the end of the input, unit by unit.</summary>
    /// <returns>False when the outputs had no more room: call again.</returns>
    protected virtual bool EmitRest() => true;
}
