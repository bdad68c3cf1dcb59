using Millrace.Failures;

namespace Millrace.Checkpointing;

/// <summary>A savepoint could not be taken.</summary>
/// <param name="job">Of which job, by name and id.</param>
/// <param name="reason">Why, as a whole sentence.</param>
[GenerateSerializer, Alias("millrace.SavepointFailedException")]
public sealed class SavepointFailedException(string job, string reason)
    : StreamingException($"Job {job} has no savepoint: {reason}")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
