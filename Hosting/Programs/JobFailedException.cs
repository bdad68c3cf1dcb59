using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>A job that was waited for did not finish. Raised on the client; never crosses a wire.</summary>
/// <param name="result">What is left of the job.</param>
public sealed class JobFailedException(JobResult result)
    : StreamingException(JobReport.Headline(result))
{
    /// <summary>What is left of the job.</summary>
    public JobResult Result { get; } = result;

    /// <inheritdoc/>
    public override Recovery Recovery => Result.Failure?.Recovery ?? Recovery.Fail;
}
