using Millrace.Failures;

namespace Millrace.Serialization;

/// <summary>
/// A value whose type can be serialized, but which itself cannot: nested too deeply, of a type derived from the
/// declared one, a collection with a comparer of its own, or too large.
/// </summary>
/// <param name="reason">Which value, and what would be needed.</param>
[GenerateSerializer, Alias("millrace.RecordRefusedException")]
public sealed class RecordRefusedException(string reason) : StreamingException(reason)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
