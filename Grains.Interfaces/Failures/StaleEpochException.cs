using Millrace.Jobs;

namespace Millrace.Failures;

/// <summary>Somebody who is no longer in charge of a job gave an order.</summary>
[GenerateSerializer, Alias("millrace.StaleEpochException")]
public sealed class StaleEpochException(JobId job, JobEpoch seen, JobEpoch newest)
    : StreamingException($"Order of {seen} for job {job} refused: {newest} is in charge.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
