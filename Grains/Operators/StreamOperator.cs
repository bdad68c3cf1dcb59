using Millrace.Batches;
using Millrace.Functions;

namespace Millrace.Operators;

/// <summary>One step of a chain. Belongs to one loop; knows no threads and no network.</summary>
internal abstract class StreamOperator(string name) : IDisposable
{
    /// <summary>Its name in the plan.</summary>
    public string Name { get; } = name;

    /// <summary>Whether another unit of work may begin: its outputs have room.</summary>
    public abstract bool CanTake { get; }

    /// <summary>Whether the end of data has passed through.</summary>
    public bool IsFinished { get; protected set; }

    /// <summary>Index, in the batch at work, of the record whose function threw; -1 when that is not known.</summary>
    public int FailedRecord { get; private set; } = -1;

    /// <summary>Before the first record.</summary>
    public virtual void Open(RuntimeContext context)
    {
    }

    /// <summary>The loop's round ends: results that wait for company within the chain go on.</summary>
    public abstract void EndRound();

    /// <summary>After the last record, or after a failure: closes functions and gives back what is held.</summary>
    public abstract void Dispose();

    /// <summary>An exception filter that notes where the loop over a batch stood. Never catches.</summary>
    protected bool NoteFailure(int index)
    {
        FailedRecord = index;
        return false;
    }
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

    /// <summary>No record follows: emits what is left, unit by unit, and then the end of data.</summary>
    /// <returns>False when the outputs had no more room, or when something is still under way: call again.</returns>
    public abstract bool Finish();
}

/// <summary>A step with one input and one output.</summary>
internal abstract class StreamOperator<TIn, TOut>(string name, Output<TOut> output) : StreamOperator<TIn>(name)
{
    public sealed override bool CanTake => Output.IsAvailable;

    protected Output<TOut> Output { get; } = output;

    public sealed override void EndRound() => Output.EndRound();

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
