using System.IO.Compression;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.UserCode.Packages;

/// <summary>A program that is ready to be sent to a cluster: the files it needs and the id they have
/// together.</summary>
/// <remarks>
/// The files of a published folder without what every silo has: the assemblies of <see cref="SharedAssemblies"/> and
/// what only those need. Symbols stay, so that a stack trace has lines. The folder must not change while it is
/// packed; the receiver would refuse the package.
/// </remarks>
internal sealed class JobPackage
{
    private const int CopyBufferBytes = 1 << 16;

    // The oldest date a zip can hold; the same for every file, so that packing twice gives the same bytes.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A plain file that everybody may read, as Unix has it in a zip: -rw-r--r--.
    private const int EntryAttributes = unchecked((int)0x81A4_0000);

    private readonly byte[] _manifest;
    private readonly (string Name, string? Path, long Length)[] _files;

    private JobPackage(
        PublishedFolder folder,
        AssemblyFacts mainAssembly,
        JobPackageManifest manifest,
        IEnumerable<(string, string)> files)
    {
        Manifest = manifest;
        MainAssembly = mainAssembly;
        MainAssemblyPath = folder.MainAssemblyPath;
        _manifest = manifest.ToJson();
        _files =
        [
            .. files.Select(file => (Name: file.Item1, Path: (string?)file.Item2, new FileInfo(file.Item2).Length))
                .Append((JobPackageManifest.FileName, null, _manifest.Length))
                .OrderBy(file => file.Name, PackageHash.Order),
        ];
        Id = ComputeId();
    }

    public PackageId Id { get; }

    public JobPackageManifest Manifest { get; }

    /// <summary>What the main assembly says of itself: whether it has a <c>Main</c>, for one.</summary>
    public AssemblyFacts MainAssembly { get; }

    /// <summary>Where the main assembly stands, with everything it needs beside it.</summary>
    public string MainAssemblyPath { get; }

    /// <summary>Names of the files in the package, in its order.</summary>
    public IEnumerable<string> FileNames => _files.Select(file => file.Name);

    /// <summary>Bytes of all files, before compression.</summary>
    public long ContentBytes => _files.Sum(file => file.Length);

    /// <summary>Prepares a published folder, or the output folder of a program's build.</summary>
    /// <param name="folder">Has the main assembly in it.</param>
    /// <param name="mainAssembly">Simple name, or null when the folder has one program.</param>
    /// <param name="options">The bounds.</param>
    /// <exception cref="InvalidPackageException">It is no such folder, or the package would be out of
    /// bounds.</exception>
    public static JobPackage OfFolder(string folder, string? mainAssembly, UserCodeOptions options)
    {
        PublishedFolder published = PublishedFolder.Open(folder, mainAssembly, options.MaxFiles);
        AssemblyFacts main = AssemblyFacts.Read(published.MainAssemblyPath)
            ?? throw new InvalidPackageException($"The file '{published.MainAssemblyPath}' is no .NET assembly.");
        (string Name, string Path)[] files = [.. published.FilesNeeded()];
        var manifest = new JobPackageManifest(
            JobPackageManifest.CurrentFormat, published.MainAssembly, InterfacesVersion(main, files), main.Framework);
        var package = new JobPackage(published, main, manifest, files);
        return package.ContentBytes <= options.MaxUnpackedBytes
            ? package
            : throw new InvalidPackageException(
                $"The package of '{published.MainAssemblyPath}' would have {package.ContentBytes} bytes; at most "
                + $"{options.MaxUnpackedBytes} are allowed (Millrace:UserCode:MaxUnpackedBytes).");
    }

    /// <summary>Writes the package.</summary>
    /// <param name="zip">Stays open.</param>
    public void WriteTo(Stream zip)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, string? path, _) in _files)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = EntryTime;
            entry.ExternalAttributes = EntryAttributes;
            using Stream target = entry.Open();
            using Stream source = Open(path);
            source.CopyTo(target);
        }
    }

    /// <summary>Writes the package to a temporary file that is gone when it is closed.</summary>
    /// <returns>At its beginning.</returns>
    public Stream ToTemporaryFile()
    {
        var file = new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, CopyBufferBytes,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            WriteTo(file);
            file.Position = 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string? InterfacesVersion(AssemblyFacts main, IEnumerable<(string Name, string Path)> files)
    {
        string interfaces = typeof(IStreamJob).Assembly.GetName().Name!;
        return VersionIn(main) ?? files.Where(file => PublishedFolder.IsAssemblyName(file.Name))
            .OrderBy(file => file.Name, PackageHash.Order)
            .Select(file => AssemblyFacts.Read(file.Path)).OfType<AssemblyFacts>()
            .Select(VersionIn).FirstOrDefault(version => version is not null);

        string? VersionIn(AssemblyFacts facts) =>
            facts.References.FirstOrDefault(reference => reference.Name == interfaces)?.Version?.ToString();
    }

    private PackageId ComputeId()
    {
        using var hash = new PackageHash();
        byte[] buffer = new byte[CopyBufferBytes];
        foreach ((string name, string? path, long length) in _files)
        {
            hash.BeginFile(name, length);
            using Stream source = Open(path);
            for (int read = source.Read(buffer); read > 0; read = source.Read(buffer))
            {
                hash.Append(buffer.AsSpan(0, read));
            }
        }

        return hash.Finish();
    }

    private Stream Open(string? path) => path is null ? new MemoryStream(_manifest) : File.OpenRead(path);
}
