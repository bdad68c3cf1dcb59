using Millrace.Failures;

namespace Millrace.Jobs.Executions;

/// <summary>The sinks of a job return more to the client than a result can hold.</summary>
[GenerateSerializer, Alias("millrace.ResultTooLargeException")]
internal sealed class ResultTooLargeException(long bytes, long limit)
    : StreamingException(
        $"The job's sinks return {bytes} bytes or more to the client; at most {limit} are possible " +
        "(Millrace:Jobs:MaxReturnedBytes). Write large results into files.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
