using Millrace.Failures;

namespace Millrace.State.Disk;

/// <summary>State on the disk could not be written or read.</summary>
/// <param name="path">The folder that holds it.</param>
/// <param name="reason">What the system says.</param>
/// <param name="innerException">Where it comes from, if from an exception.</param>
[GenerateSerializer, Alias("millrace.DiskStateException")]
internal sealed class DiskStateException(string path, string reason, Exception? innerException = null)
    : StreamingException(
        $"State on the disk in '{path}' failed: {reason.TrimEnd('.')}. Its folder, and the room it may take, are set " +
        "under Millrace:State:Disk.",
        innerException)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
