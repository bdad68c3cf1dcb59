using Millrace.Batches;
using Millrace.Network;
using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks.Input;

/// <summary>The head of a chain that takes its input from other subtasks.</summary>
internal sealed class GateHead<T>(IInputGate gate, OperatorInput<T> input, RoundClock clock) : IChainHead
{
    private readonly WatermarkValve _valve = new(gate.Channels);

    public long Records => input.Records;

    public long Batches => input.Batches;

    public long Watermark => _valve.Watermark;

    public HeadStatus Run()
    {
        while (true)
        {
            if (input.Operator.IsFinished)
            {
                return HeadStatus.Finished;
            }

            if (!input.IsEmpty)
            {
                return clock.IsOver ? HeadStatus.Ready : HeadStatus.Backpressured;
            }

            if (clock.IsOver)
            {
                return HeadStatus.Ready;
            }

            if (!input.Operator.CanTake)
            {
                return HeadStatus.Backpressured;
            }

            if (_valve.HasEnded || !gate.TryTake(out int channel, out StreamElement? element))
            {
                return HeadStatus.Idle;
            }

            Take(channel, element!);
        }
    }

    // A record that came over an edge no longer knows which source read it.
    public string? DescribePosition(int index) => null;

    public void Dispose()
    {
        input.Dispose();
        gate.Dispose();
    }

    private void Take(int channel, StreamElement element)
    {
        switch (element)
        {
            case RecordBatch batch:
                Take(channel, batch);
                break;
            case WatermarkStatus status:
                Change(channel, status);
                break;
            case EndOfData:
                End(channel);
                break;
            default:
                input.Add(element);
                break;
        }

        input.Run();
    }

    // The batch may be shared with other gates: what holds behind it here is said beside it.
    private void Take(int channel, RecordBatch batch)
    {
        long watermark = batch.Watermark == RecordBatch.NoWatermark
            ? RecordBatch.NoWatermark
            : _valve.Advance(channel, batch.Watermark);
        if (batch.Count > 0)
        {
            input.Add(batch, watermark);
            return;
        }

        batch.Release();
        Advance(watermark);
    }

    private void Change(int channel, WatermarkStatus status)
    {
        bool wasIdle = _valve.IsIdle;
        long watermark = status == WatermarkStatus.Idle ? _valve.Idle(channel) : _valve.Activate(channel);
        Tell(wasIdle, watermark);
    }

    private void End(int channel)
    {
        bool wasIdle = _valve.IsIdle;
        Tell(wasIdle, _valve.End(channel));
        if (_valve.HasEnded)
        {
            input.Add(EndOfData.Instance);
        }
    }

    // Time counts before it moves on, and moves on before it counts no longer.
    private void Tell(bool wasIdle, long watermark)
    {
        if (wasIdle && !_valve.IsIdle)
        {
            input.Add(WatermarkStatus.Active);
        }

        Advance(watermark);
        if (!wasIdle && _valve.IsIdle)
        {
            input.Add(WatermarkStatus.Idle);
        }
    }

    private void Advance(long watermark)
    {
        if (watermark != RecordBatch.NoWatermark)
        {
            input.Add(watermark);
        }
    }
}
