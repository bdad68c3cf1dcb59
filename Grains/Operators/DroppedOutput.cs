using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>Where an operator writes whose results nobody asked for.</summary>
internal sealed class DroppedOutput<T>(BatchPool<T> pool) : Output<T>(pool)
{
    public override bool IsAvailable => true;

    public override bool TakesBorrowed => true;

    public override void EndRound() => Deliver();

    public override void Emit(StreamElement control) => Deliver();

    public override void EmitWatermark(long timestamp)
    {
    }

    protected override void Deliver(RecordBatch<T> batch) => batch.Release();
}
