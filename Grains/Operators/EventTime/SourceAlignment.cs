using Millrace.Batches;
using Millrace.EventTime;

namespace Millrace.Operators.EventTime;

/// <summary>Holds a source while its event time is too far ahead of the slowest of its group. Belongs to one
/// loop.</summary>
/// <remarks>Asks the job's side at an interval, one question at a time. Until the first answer nothing is read: the others
/// may be far behind.</remarks>
/// <param name="alignment">What the program asks for.</param>
/// <param name="source">Under which the job's side knows the source.</param>
/// <param name="loop">The loop.</param>
internal sealed class SourceAlignment(WatermarkAlignment alignment, string source, ISubtaskLoop loop)
{
    private readonly long _drift = (long)alignment.MaxDrift.TotalMilliseconds;
    private bool _knows;
    private bool _asking;
    private long _limit;

    /// <summary>Whether nothing is to be read now. The loop is woken when that may be otherwise.</summary>
    /// <param name="watermark">How far the source has come; the greatest number when nobody is to wait for it.</param>
    public bool Holds(long watermark)
    {
        if (!_asking)
        {
            Ask(watermark);
        }

        return !_knows || (watermark > _limit && watermark != long.MaxValue);
    }

    private void Ask(long watermark)
    {
        _asking = true;
        loop.Run(async cancellationToken =>
        {
            long least = await loop.AlignAsync(source, alignment.Group, watermark, cancellationToken);
            loop.Post(() => Take(least));
            await loop.DelayAsync(alignment.Interval, cancellationToken);
            loop.Post(() => _asking = false);
        });
    }

    private void Take(long least)
    {
        _knows = true;
        _limit = least == RecordBatch.NoWatermark ? least : least > long.MaxValue - _drift ? long.MaxValue : least + _drift;
    }
}
