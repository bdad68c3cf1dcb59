using Millrace.Failures;

namespace Millrace.Connectors;

/// <summary>A committer did not commit everything.</summary>
/// <param name="reason">What it said.</param>
/// <param name="recovery">Whether trying again may help.</param>
[GenerateSerializer, Alias("millrace.CommitIncompleteException")]
public sealed class CommitIncompleteException(string reason, Recovery recovery) : StreamingException(reason)
{
    /// <inheritdoc/>
    [Id(0)]
    public override Recovery Recovery { get; } = recovery;
}
