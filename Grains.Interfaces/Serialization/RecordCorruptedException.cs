using Millrace.Failures;

namespace Millrace.Serialization;

/// <summary>Bytes that should hold records do not: cut short, overwritten, or written by something else.</summary>
/// <param name="reason">What was found and what was needed.</param>
/// <param name="offset">Where, in bytes from the beginning; null when that is not known.</param>
[GenerateSerializer, Alias("millrace.RecordCorruptedException")]
public sealed class RecordCorruptedException(string reason, long? offset = null) : StreamingException(reason)
{
    /// <summary>Where, in bytes from the beginning; null when that is not known.</summary>
    [Id(0)]
    public long? Offset { get; } = offset;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
