using Millrace.Failures;

namespace Millrace.Clustering.Clients;

/// <summary>No silo of the cluster answered within the connect timeout. Raised on the client; never crosses a
/// wire.</summary>
[GenerateSerializer, Alias("millrace.ClusterUnreachableException")]
public sealed class ClusterUnreachableException(string message, Exception? innerException = null)
    : StreamingException(message, innerException)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
