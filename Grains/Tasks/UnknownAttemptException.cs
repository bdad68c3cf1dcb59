using Millrace.Failures;

namespace Millrace.Tasks;

/// <summary>An order for an attempt that was never deployed here, or has ended.</summary>
[GenerateSerializer, Alias("millrace.UnknownAttemptException")]
internal sealed class UnknownAttemptException(ExecutionAttemptId attempt, string silo)
    : StreamingException($"Attempt {attempt} is not on silo {silo}: it was never deployed there, or has ended.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
