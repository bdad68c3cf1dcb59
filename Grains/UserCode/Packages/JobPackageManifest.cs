using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.UserCode.Packages;

/// <summary>What a job package says of itself; its first file. The format stands in
/// docs/formats/job-package.md.</summary>
/// <param name="FormatVersion">Of the package format.</param>
/// <param name="MainAssembly">Simple name of the assembly that has the job, or the <c>Main</c>.</param>
/// <param name="InterfacesVersion">Version of Millrace.Grains.Interfaces that the package was built against, or null
/// when none of its assemblies names it.</param>
/// <param name="Framework">What the main assembly was built for, as in <c>.NETCoreApp,Version=v10.0</c>, or
/// null.</param>
internal sealed partial record JobPackageManifest(
    int FormatVersion, string MainAssembly, string? InterfacesVersion, string? Framework)
{
    /// <summary>Name of the file in the package.</summary>
    public const string FileName = "millrace-package.json";

    /// <summary>The package format that is written and read.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of Millrace.Grains.Interfaces in this process.</summary>
    public static Version OwnInterfacesVersion { get; } =
        typeof(IStreamJob).Assembly.GetName().Version ?? new Version(0, 0);

    /// <exception cref="InvalidPackageException">The text is no manifest.</exception>
    public static JobPackageManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            JobPackageManifest? manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.JobPackageManifest);
            if (manifest?.MainAssembly is { Length: > 0 } main && main.AsSpan().IndexOfAny('/', '\\') < 0)
            {
                return manifest;
            }
        }
        catch (JsonException error)
        {
            throw new InvalidPackageException($"The file {FileName} of the package does not read: {error.Message}");
        }

        throw new InvalidPackageException($"The file {FileName} of the package does not name a main assembly.");
    }

    /// <summary>The file's bytes: the same for the same manifest.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.JobPackageManifest);

    /// <summary>Refuses a package that this process cannot run.</summary>
    /// <remarks>
    /// Versions of Millrace.Grains.Interfaces are semantic: the same major number, and a minor number that is not
    /// newer than ours; below 1.0, where every minor number may break, the same minor number.
    /// </remarks>
    /// <param name="id">For the message.</param>
    /// <param name="own">Version of Millrace.Grains.Interfaces that runs it.</param>
    /// <exception cref="PackageNotServedException">It was made for another format, version or framework.</exception>
    public void EnsureServed(PackageId id, Version own)
    {
        string package = $"Package {id} ({MainAssembly})";
        if (FormatVersion != CurrentFormat)
        {
            throw new PackageNotServedException(
                $"{package} has package format {FormatVersion}; this cluster reads format {CurrentFormat}.");
        }

        if (InterfacesVersion is not null && !IsServed(InterfacesVersion, own))
        {
            string served = own.Major == 0 ? $"{own.Major}.{own.Minor}.*" : $"{own.Major}.0 to {own.Major}.{own.Minor}";
            throw new PackageNotServedException(
                $"{package} was built against {typeof(IStreamJob).Assembly.GetName().Name} {InterfacesVersion}; this "
                + $"cluster has {own} and serves {served}.");
        }

        if (FrameworkMajor() > Environment.Version.Major)
        {
            throw new PackageNotServedException(
                $"{package} was built for {Framework}; this cluster runs on .NET {Environment.Version}.");
        }
    }

    private static bool IsServed(string version, Version own) =>
        Version.TryParse(version, out Version? built)
        && built.Major == own.Major
        && (own.Major == 0 ? built.Minor == own.Minor : built.Minor <= own.Minor);

    private int FrameworkMajor()
    {
        const string Core = ".NETCoreApp,Version=v";
        return Framework is not null
            && Framework.StartsWith(Core, StringComparison.Ordinal)
            && Version.TryParse(Framework[Core.Length..], out Version? version)
            ? version.Major
            : 0;
    }

    [JsonSourceGenerationOptions(
        WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NewLine = "\n")]
    [JsonSerializable(typeof(JobPackageManifest))]
    private sealed partial class ManifestJson : JsonSerializerContext;
}
