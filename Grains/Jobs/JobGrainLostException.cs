using Millrace.Failures;

namespace Millrace.Jobs;

/// <summary>The grain that ran a job is gone, and with it what only it knew.</summary>
[GenerateSerializer, Alias("millrace.JobGrainLostException")]
internal sealed class JobGrainLostException(string owner)
    : StreamingException(
        $"Silo {owner}, which coordinated the job, is lost. Without a checkpoint the job cannot go on.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
