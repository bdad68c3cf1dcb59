using Millrace.Failures;

namespace Millrace.Checkpointing;

/// <summary>A savepoint could not be taken.</summary>
/// <param name="message">Of which job, and why.</param>
[GenerateSerializer, Alias("millrace.SavepointFailedException")]
public sealed class SavepointFailedException(string message) : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
