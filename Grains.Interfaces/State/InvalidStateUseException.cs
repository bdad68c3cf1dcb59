using Millrace.Failures;

namespace Millrace.State;

/// <summary>A program uses state in a way that cannot work: without a key, or one name for two things.</summary>
[GenerateSerializer, Alias("millrace.InvalidStateUseException")]
public sealed class InvalidStateUseException(string message) : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
