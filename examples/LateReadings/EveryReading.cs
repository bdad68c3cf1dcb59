using Millrace.EventTime;

namespace Millrace.Examples;

/// <summary>Moves time on with each reading, and not by the clock: a file is read faster than that ticks.</summary>
public sealed class EveryReading(TimeSpan patience) : IWatermarkGenerator<Reading>
{
    private readonly long _patience = (long)patience.TotalMilliseconds;
    private long _greatest = long.MinValue;

    public void OnEvent(in Reading record, long timestamp, IWatermarkOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (timestamp > _greatest)
        {
            _greatest = timestamp;
            output.EmitWatermark(timestamp - _patience - 1);
        }
    }

    public void OnPeriodicEmit(IWatermarkOutput output)
    {
    }
}
