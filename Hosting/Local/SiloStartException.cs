using Millrace.Failures;

namespace Millrace.Local;

/// <summary>A silo process of a local cluster did not start. Raised by who started it.</summary>
/// <param name="message">Names the silo, what happened and the end of its log.</param>
[GenerateSerializer, Alias("millrace.SiloStartException")]
public sealed class SiloStartException(string message)
    : StreamingException(message)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
