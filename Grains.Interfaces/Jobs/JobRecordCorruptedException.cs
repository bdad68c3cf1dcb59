using Millrace.Failures;

namespace Millrace.Jobs;

/// <summary>The stored record of a job cannot be read.</summary>
/// <param name="file">The file.</param>
/// <param name="finding">What is wrong with it.</param>
[GenerateSerializer, Alias("millrace.JobRecordCorruptedException")]
public sealed class JobRecordCorruptedException(string file, string finding)
    : StreamingException($"Job record '{file}' is corrupt: {finding} Remove its directory to forget the job.")
{
    /// <summary>The file.</summary>
    [Id(0)]
    public string File { get; } = file;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
