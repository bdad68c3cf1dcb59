using Millrace.Failures;

namespace Millrace.Connections;

/// <summary>The digits given belong to no job, or to several.</summary>
/// <param name="message">Names the digits and what they fit.</param>
internal sealed class JobChoiceException(string message)
    : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
