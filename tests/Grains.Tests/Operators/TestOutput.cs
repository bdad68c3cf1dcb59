using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>Takes everything, and says no as often as it is told to.</summary>
internal sealed class TestOutput<T>(int batchSize, Func<int, bool> available)
    : Output<T>(new BatchPool<T>(batchSize, BatchLayout.None, new BatchAccount()))
{
    private int _asked;

    public List<T> Records { get; } = [];

    public List<StreamElement> Controls { get; } = [];

    public override bool IsAvailable => available(_asked++);

    public override void EndRound() => Deliver();

    public override void Emit(StreamElement control)
    {
        Deliver();
        Controls.Add(control);
    }

    public override void EmitWatermark(long timestamp)
    {
    }

    protected override void Deliver(RecordBatch<T> batch)
    {
        Records.AddRange(batch.Records.ToArray());
        batch.Release();
    }
}
