using Millrace.Batches;
using Millrace.Network;
using Millrace.Network.InFlight;
using Millrace.Operators;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Tasks.Input;

/// <summary>One input of a chain's head: takes elements from its gate, and tells the operator how far time has come.
/// Belongs to one loop.</summary>
internal abstract class GateSide : IDisposable
{
    /// <summary>Records taken so far.</summary>
    public abstract long Records { get; }

    /// <summary>Batches taken so far.</summary>
    public abstract long Batches { get; }

    /// <summary>Whether all that was taken is worked off.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Whether its last element was taken.</summary>
    public abstract bool HasEnded { get; }

    /// <summary>Takes an element and has it worked off as far as possible, when there is one. Nothing of an earlier
    /// one waits.</summary>
    /// <returns>False when none is there; the loop is woken when one comes.</returns>
    public abstract bool TryTake();

    /// <summary>Tells the aligner what was foretold.</summary>
    public abstract void LookAhead();

    public abstract void Dispose();
}

/// <summary>One input with its type.</summary>
/// <param name="gate">Where its elements come from.</param>
/// <param name="input">What waits in front of the operator.</param>
/// <param name="arrival">Time and barriers of all inputs of the operator.</param>
/// <param name="firstChannel">What <paramref name="arrival"/> calls the first channel of the gate.</param>
/// <param name="channels">Number of its channels.</param>
internal sealed class GateSide<T>(
    IInputGate gate, OperatorInput<T> input, ChannelArrival arrival, int firstChannel, int channels)
    : GateSide
{
    private readonly WatermarkValve _valve = arrival.Valve;
    private readonly BarrierAligner _barriers = arrival.BarriersOf(gate);
    private int _ended;

    public override long Records => input.Records;

    public override long Batches => input.Batches;

    public override bool IsEmpty => input.IsEmpty;

    public override bool HasEnded => _ended == channels;

    public override bool TryTake()
    {
        if (!gate.TryTake(out int channel, out StreamElement? element))
        {
            return false;
        }

        Take(firstChannel + channel, element!);
        input.Run();
        return true;
    }

    public override void LookAhead()
    {
        while (gate.TryTakeForetold(out int channel, out StreamElement? control))
        {
            _barriers.Foretell(firstChannel + channel, control!);
        }
    }

    /// <summary>No barrier may overtake what is in its channels: records that stay on this silo need no serializer, and
    /// these have none.</summary>
    public void LetNothingOvertake()
    {
        for (int channel = 0; channel < channels; channel++)
        {
            _barriers.Keep(firstChannel + channel);
        }
    }

    /// <summary>Whether something in a channel belongs to the cut that is being made.</summary>
    public bool IsOvertaken(int channel) => _barriers.IsOvertaken(firstChannel + channel);

    /// <summary>Records what in a channel belongs to the cut that is being made.</summary>
    public void Record(int channel, InFlightRecords into) => gate.Record(channel, arrival.Cut.Last, into);

    /// <summary>Before the first round: a batch that was in flight in a channel. The reference moves.</summary>
    public void Restore(int channel, RecordBatch<T> batch) => Take(firstChannel + channel, batch);

    public override void Dispose()
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
                _barriers.End(channel);
                break;
            case CheckpointBarrier barrier:
                arrival.Cut.Expect(barrier.Checkpoint, barrier.Savepoint);
                _barriers.Pass(gate, channel - firstChannel, channel, barrier);
                break;
            default:
                input.Add(element);
                break;
        }
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
        _ended++;
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
