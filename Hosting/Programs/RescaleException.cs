using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>A job was not given another number of subtasks. Raised on the client.</summary>
/// <param name="message">Why, whether the job goes on, and where its savepoint is when it does not.</param>
[GenerateSerializer, Alias("millrace.RescaleException")]
public sealed class RescaleException(string message) : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
