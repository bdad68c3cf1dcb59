using Millrace.Failures;

namespace Millrace.Jobs;

/// <summary>A package is not, or no longer, in the package store.</summary>
/// <param name="id">The package.</param>
/// <param name="place">The store.</param>
[GenerateSerializer, Alias("millrace.PackageNotFoundException")]
public sealed class PackageNotFoundException(PackageId id, string place)
    : StreamingException($"Package {id} is not in {place}. Submit the job again to upload it.")
{
    /// <summary>The package.</summary>
    [Id(0)]
    public PackageId Id { get; } = id;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
