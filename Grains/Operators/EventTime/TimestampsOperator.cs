using Millrace.Batches;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.State.Snapshots;

namespace Millrace.Operators.EventTime;

/// <summary>Gives the records of a stream timestamps, and makes its watermarks. What was known of time before ends
/// here, but for its end.</summary>
internal sealed class TimestampsOperator<T>(
    string name, WatermarkStrategy<T> strategy, WatermarkTools tools, Output<T> output)
    : StreamOperator<T, T>(name, output)
{
    private readonly WatermarkEmitter<T> _watermarks = new(strategy, tools, output);

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) =>
        _watermarks.Restore(OperatorSnapshot.WatermarkOf(snapshots));

    public override FrozenOperator Freeze(in SnapshotOrder order) => new() { Watermark = _watermarks.Watermark };

    public override void Open(Func<string, RuntimeContext> contextOf) => _watermarks.Start(bySplit: false);

    public override int Process(RecordBatch<T> batch, int start, int end)
    {
        int position = start;
        while (position < end && Output.IsAvailable)
        {
            _watermarks.Begin();
            Span<T> room = Output.Room();
            int count = Math.Min(room.Length, end - position);
            ReadOnlySpan<T> records = batch.Records.Slice(position, count);
            records.CopyTo(room);
            Span<long> timestamps = Output.TimestampRoom()[..count];
            ReadOnlySpan<long> known = batch.TimestampsAt(position);
            if (known.IsEmpty)
            {
                timestamps.Fill(RecordBatch.NoTimestamp);
            }
            else
            {
                known[..count].CopyTo(timestamps);
            }

            // Timestamps are assigned in one go: of a record whose assigner throws, the batch is known.
            BlockEnd = -1;
            Left = 0;
            Output.Advance(count, _watermarks.Take(0, records, timestamps));
            position += count;
        }

        return position;
    }

    public override bool Advance(long watermark)
    {
        if (watermark == long.MaxValue)
        {
            _watermarks.End();
        }

        return true;
    }

    public override void Change(WatermarkStatus status)
    {
        // Whether time counts is decided here anew.
    }

    public override void EndRound()
    {
        if (Output.IsAvailable)
        {
            _watermarks.Tick();
        }

        base.EndRound();
    }
}
