namespace Millrace.EventTime;

/// <summary>Where a generator says how far event time has come. Belongs to the subtask's loop.</summary>
/// <remarks>What is emitted goes on behind the batch of records at work: several watermarks of one batch become the
/// greatest of them.</remarks>
public interface IWatermarkOutput
{
    /// <summary>Promises that no record with this timestamp or an earlier one follows.</summary>
    /// <param name="timestamp">Milliseconds since 1970-01-01 UTC. One that is not greater than the last one changes
    /// nothing.</param>
    void EmitWatermark(long timestamp);

    /// <summary>Says that no records come at present: until the next one, or <see cref="MarkActive"/>, nobody waits for
    /// this input's time.</summary>
    void MarkIdle();

    /// <summary>Says that time counts again. A record, and a watermark, say so too.</summary>
    void MarkActive();
}
