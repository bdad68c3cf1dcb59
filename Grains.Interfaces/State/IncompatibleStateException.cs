using Millrace.Failures;

namespace Millrace.State;

/// <summary>Saved state that the program, as it is now, cannot take over.</summary>
[GenerateSerializer, Alias("millrace.IncompatibleStateException")]
public sealed class IncompatibleStateException(string message, Exception? innerException = null)
    : StreamingException(message, innerException)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
