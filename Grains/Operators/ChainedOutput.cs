using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>Where an operator writes for the next one in its chain: a batch each, by a direct call.</summary>
internal sealed class ChainedOutput<T>(BatchPool<T> pool, OperatorInput<T> next) : Output<T>(pool)
{
    private long _watermark = RecordBatch.NoWatermark;

    public override bool IsAvailable => next.IsEmpty && next.Operator.CanTake;

    public override bool TakesBorrowed => true;

    /// <summary>Calls the next operator with the batch, which is filled again afterwards: in a chain nobody else has
    /// it.</summary>
    public override void Deliver()
    {
        RecordBatch<T> batch = Batch;
        if ((batch.Count > 0 || batch.Watermark != RecordBatch.NoWatermark) && !next.TryTake(batch))
        {
            // In this order: whatever is thrown then, each batch has one owner.
            Batch = Pool.Rent();
            next.Run();
        }
    }

    public override void EndRound() => Deliver();

    public override void Emit(StreamElement control)
    {
        Deliver();
        next.Add(control);
        next.Run();
    }

    public override void EmitWatermark(long timestamp)
    {
        if (timestamp > _watermark)
        {
            _watermark = timestamp;
            Batch.Watermark = timestamp;
        }
    }

    protected override void Deliver(RecordBatch<T> batch)
    {
        next.Add(batch);
        next.Run();
    }
}
