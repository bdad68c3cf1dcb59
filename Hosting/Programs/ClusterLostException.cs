using System.Globalization;
using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>A cluster that was there has stopped answering. Raised on the client.</summary>
/// <param name="tried">How long calls were repeated.</param>
/// <param name="last">What the last call failed of.</param>
/// <param name="about">What follows from that, as whole sentences; or null.</param>
[GenerateSerializer, Alias("millrace.ClusterLostException")]
public sealed class ClusterLostException(TimeSpan tried, Exception last, string? about = null)
    : StreamingException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The cluster has not answered for {tried.TotalSeconds:0} s; what was asked of it may have happened or "
            + $"not.{(about is null ? "" : $" {about}")} Last error: {last.Message}"),
        last)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
