using Millrace.Failures;

namespace Millrace.Jobs;

/// <summary>The bytes of a stored or uploaded package are not those it is named after.</summary>
/// <param name="id">The package.</param>
/// <param name="place">File or upload.</param>
/// <param name="finding">What was found instead.</param>
[GenerateSerializer, Alias("millrace.PackageCorruptedException")]
public sealed class PackageCorruptedException(PackageId id, string place, string finding)
    : StreamingException($"Package {id} in {place} is corrupt: {finding}.")
{
    /// <summary>The package.</summary>
    [Id(0)]
    public PackageId Id { get; } = id;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
