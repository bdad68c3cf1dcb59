using Millrace.Failures;

namespace Millrace.Jobs;

/// <summary>The cluster has no record of a job.</summary>
/// <param name="job">The job.</param>
[GenerateSerializer, Alias("millrace.JobNotFoundException")]
public sealed class JobNotFoundException(JobId job)
    : StreamingException($"Job {job} is not known to this cluster: it was never submitted here, or ended long ago.")
{
    /// <summary>The job.</summary>
    [Id(0)]
    public JobId Job { get; } = job;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
