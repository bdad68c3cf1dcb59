using Millrace.Failures;

namespace Millrace.Serialization;

/// <summary>Data was written with a shape of a type that its present shape cannot take over.</summary>
/// <param name="path">From the record type to the member that differs.</param>
/// <param name="reason">What was written, what is wanted now, and what would help.</param>
[GenerateSerializer, Alias("millrace.IncompatibleShapeException")]
public sealed class IncompatibleShapeException(string path, string reason) : StreamingException($"{path}: {reason}")
{
    /// <summary>From the record type to the member that differs.</summary>
    [Id(0)]
    public string Path { get; } = path;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
