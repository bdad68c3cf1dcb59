using Millrace.Failures;

namespace Millrace.Execution.Spilling;

/// <summary>What was to be kept aside on the disk could not be written or read.</summary>
/// <param name="path">The file or folder.</param>
/// <param name="innerException">What the system says.</param>
[GenerateSerializer, Alias("millrace.SpillFailedException")]
internal sealed class SpillFailedException(string path, Exception innerException)
    : StreamingException(
        $"Spill file '{path}' failed: {innerException.Message} Its folder is set by " +
        $"Millrace:Batch:{nameof(BatchOptions.SpillDirectory)}.",
        innerException)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
