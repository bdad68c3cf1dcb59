using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>A job that was waited for did not finish. Raised on the client.</summary>
/// <param name="result">What is left of the job.</param>
[GenerateSerializer, Alias("millrace.JobFailedException")]
public sealed class JobFailedException(JobResult result)
    : StreamingException(JobReport.Headline(result))
{
    /// <summary>What is left of the job.</summary>
    [Id(0)]
    public JobResult Result { get; } = result;

    /// <inheritdoc/>
    public override Recovery Recovery => Result.Failure?.Recovery ?? Recovery.Fail;
}
