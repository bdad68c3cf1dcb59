using Millrace.Batches;

namespace Millrace.Tasks.Input;

/// <summary>How far time has come at a gate: the least watermark of the channels that count. Belongs to one
/// loop.</summary>
/// <remarks>
/// <para>A channel that is idle or has ended does not count, and neither does one that is active again and behind: its
/// records are late until it has caught up, for time never goes back. When the last one becomes idle, time goes on to
/// where the furthest has come, so that the order in which they become idle makes no difference.</para>
/// <para>Each call returns the watermark that holds now, when it is a new one, else
/// <see cref="RecordBatch.NoWatermark"/>.</para>
/// </remarks>
internal sealed class WatermarkValve
{
    private readonly ChannelState[] _states;
    private readonly long[] _watermarks;
    private readonly WatermarkHeap _counting;
    private long _output = RecordBatch.NoWatermark;
    private int _active;
    private int _open;

    /// <param name="channels">Number of channels: all are active, and have said nothing.</param>
    public WatermarkValve(int channels)
    {
        _states = new ChannelState[channels];
        _watermarks = new long[channels];
        _counting = new WatermarkHeap(channels);
        _active = channels;
        _open = channels;
        Array.Fill(_watermarks, RecordBatch.NoWatermark);
        for (int channel = 0; channel < channels; channel++)
        {
            _counting.Add(channel, RecordBatch.NoWatermark);
        }
    }

    private enum ChannelState : byte
    {
        Active,
        Idle,
        Ended,
    }

    /// <summary>How far time has come. From any thread.</summary>
    public long Watermark => Volatile.Read(ref _output);

    /// <summary>Whether all channels that have not ended are idle.</summary>
    public bool IsIdle => _active == 0 && _open > 0;

    /// <summary>Whether all channels have ended.</summary>
    public bool HasEnded => _open == 0;

    /// <summary>A watermark came.</summary>
    public long Advance(int channel, long watermark)
    {
        if (watermark <= _watermarks[channel] || _states[channel] == ChannelState.Ended)
        {
            return RecordBatch.NoWatermark;
        }

        _watermarks[channel] = watermark;
        if (_counting.Has(channel))
        {
            _counting.Raise(channel, watermark);
            return Next();
        }

        return _states[channel] == ChannelState.Active ? CatchUp(channel) : RecordBatch.NoWatermark;
    }

    /// <summary>No records come on a channel at present.</summary>
    public long Idle(int channel)
    {
        if (_states[channel] != ChannelState.Active)
        {
            return RecordBatch.NoWatermark;
        }

        _states[channel] = ChannelState.Idle;
        return LeaveOut(channel);
    }

    /// <summary>Records come again on a channel.</summary>
    public long Activate(int channel)
    {
        if (_states[channel] != ChannelState.Idle)
        {
            return RecordBatch.NoWatermark;
        }

        _states[channel] = ChannelState.Active;
        _active++;
        return CatchUp(channel);
    }

    /// <summary>Nothing follows on a channel. With the last one, time is at its end.</summary>
    public long End(int channel)
    {
        ChannelState before = _states[channel];
        if (before == ChannelState.Ended)
        {
            return RecordBatch.NoWatermark;
        }

        _states[channel] = ChannelState.Ended;
        _open--;
        if (_open == 0)
        {
            return Raise(long.MaxValue);
        }

        return before == ChannelState.Active ? LeaveOut(channel) : RecordBatch.NoWatermark;
    }

    // One that has been left behind counts again from where the others are.
    private long CatchUp(int channel)
    {
        if (_watermarks[channel] < _output)
        {
            return RecordBatch.NoWatermark;
        }

        _counting.Add(channel, _watermarks[channel]);
        return Next();
    }

    private long LeaveOut(int channel)
    {
        _active--;
        if (_counting.Has(channel))
        {
            _counting.Remove(channel);
        }

        return _active == 0 ? Raise(Furthest()) : Next();
    }

    private long Next() => _counting.Count > 0 ? Raise(_counting.Least) : RecordBatch.NoWatermark;

    private long Raise(long watermark)
    {
        if (watermark <= _output)
        {
            return RecordBatch.NoWatermark;
        }

        Volatile.Write(ref _output, watermark);
        return watermark;
    }

    private long Furthest()
    {
        long furthest = RecordBatch.NoWatermark;
        for (int channel = 0; channel < _states.Length; channel++)
        {
            furthest = _states[channel] == ChannelState.Idle ? Math.Max(furthest, _watermarks[channel]) : furthest;
        }

        return furthest;
    }
}
