using Millrace.Batches;

namespace Millrace.Operators.Connected;

/// <summary>The first input of an operator with two, for who hands it batches. Owns nothing.</summary>
internal sealed class LeftSide<TLeft, TRight>(TwoInputOperator<TLeft, TRight> step) : StreamOperator<TLeft>(step.Name)
{
    public override bool CanTake => step.CanTake;

    public override int Process(RecordBatch<TLeft> batch, int start, int end) => step.ProcessLeft(batch, start, end);

    public override bool Advance(long watermark) => step.Advance(watermark);

    public override void Change(WatermarkStatus status) => step.Change(status);

    public override bool Finish() => IsFinished = step.Finish();

    public override void EndRound() => step.EndRound();

    public override void Dispose()
    {
        // The operator is its chain's.
    }
}
