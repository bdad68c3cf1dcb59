using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>A package whose files are on this machine.</summary>
/// <param name="Id">The package.</param>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Folder">Absolute path; not to be written to.</param>
internal sealed record UnpackedPackage(PackageId Id, JobPackageManifest Manifest, string Folder)
{
    /// <summary>Absolute path of the main assembly.</summary>
    public string MainAssemblyPath => Path.Combine(Folder, Manifest.MainAssembly + ".dll");
}
