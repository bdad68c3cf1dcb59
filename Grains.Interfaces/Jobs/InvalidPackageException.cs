using Millrace.Failures;

namespace Millrace.Jobs;

/// <summary>A folder or an archive is no job package.</summary>
/// <param name="message">Names the thing, the value seen and the value needed.</param>
[GenerateSerializer, Alias("millrace.InvalidPackageException")]
public sealed class InvalidPackageException(string message)
    : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
