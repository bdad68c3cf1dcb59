using Millrace.Failures;

namespace Millrace.Serialization;

/// <summary>Bytes that should hold records do not: cut short, overwritten, or written by something else.</summary>
/// <param name="reason">What was found and what was needed.</param>
[GenerateSerializer, Alias("millrace.RecordCorruptedException")]
public sealed class RecordCorruptedException(string reason) : StreamingException(reason)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
