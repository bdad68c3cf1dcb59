namespace Millrace.EventTime;

/// <summary>What a watermark generator may use.</summary>
/// <param name="time">The clock to read instead of the wall clock.</param>
public sealed class WatermarkGeneratorContext(TimeProvider time)
{
    /// <summary>The clock to read instead of the wall clock.</summary>
    public TimeProvider Time { get; } = time;
}
