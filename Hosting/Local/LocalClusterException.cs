using Millrace.Failures;

namespace Millrace.Local;

/// <summary>A local cluster is not in the state that was asked for: running already, or not running. Never crosses a
/// wire.</summary>
/// <param name="message">Names the cluster, its state and what to do.</param>
[GenerateSerializer, Alias("millrace.LocalClusterException")]
public sealed class LocalClusterException(string message)
    : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
