using Millrace.Failures;

namespace Millrace.Jobs;

/// <summary>A package was built against something that this cluster does not have.</summary>
/// <param name="message">Names the thing, the value seen and the value needed.</param>
[GenerateSerializer, Alias("millrace.PackageNotServedException")]
public sealed class PackageNotServedException(string message)
    : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
