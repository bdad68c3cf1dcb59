using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>Takes everything, and says no as often as it is told to.</summary>
/// <param name="batchSize">Records of a batch.</param>
/// <param name="available">Whether there is room, by the number of times it was asked before.</param>
/// <param name="hasTimestamps">Whether the edge carries timestamps.</param>
/// <param name="before">Of the operator that this one's goes on for: what it took is taken over.</param>
internal sealed class TestOutput<T>(
    int batchSize, Func<int, bool> available, bool hasTimestamps = false, TestOutput<T>? before = null)
    : Output<T>(new BatchPool<T>(
        batchSize, hasTimestamps ? BatchLayout.Timestamps : BatchLayout.None, new BatchAccount()))
{
    private int _asked = before?._asked ?? 0;

    /// <summary>The records, in order.</summary>
    public List<T> Records { get; } = before?.Records ?? [];

    /// <summary>The timestamps of the records, where they have some.</summary>
    public List<long> Timestamps { get; } = before?.Timestamps ?? [];

    /// <summary>Watermarks, each with the number of records before it.</summary>
    public List<(long Watermark, int RecordsBefore)> Watermarks { get; } = before?.Watermarks ?? [];

    /// <summary>Control elements, in order.</summary>
    public List<StreamElement> Controls { get; } = before?.Controls ?? [];

    public override bool IsAvailable => available(_asked++);

    public override void EndRound() => Deliver();

    public override void Emit(StreamElement control)
    {
        Deliver();
        Controls.Add(control);
    }

    public override void EmitWatermark(long timestamp)
    {
        if (timestamp != RecordBatch.NoWatermark)
        {
            Deliver();
            Watermarks.Add((timestamp, Records.Count));
        }
    }

    protected override void Deliver(RecordBatch<T> batch)
    {
        Records.AddRange(batch.Records);
        Timestamps.AddRange(batch.TimestampsAt(0)[..(batch.Timestamps is null ? 0 : batch.Count)]);
        batch.Release();
    }
}
