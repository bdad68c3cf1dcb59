using Millrace.Failures;

namespace Millrace.Serialization;

/// <summary>A type that cannot be serialized, or cannot be a key; raised while the graph is built.</summary>
/// <param name="path">From the record type to the offending member, such as
/// <c>Order.Lines[].Product.Handler</c>.</param>
/// <param name="reason">Which type stands there, why it is refused and what would help.</param>
[GenerateSerializer, Alias("millrace.UnsupportedTypeException")]
public sealed class UnsupportedTypeException(string path, string reason) : StreamingException($"{path}: {reason}")
{
    /// <summary>From the record type to the offending member.</summary>
    [Id(0)]
    public string Path { get; } = path;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
