using System.IO.Compression;
using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>A package as it is sent and stored: a zip. Whoever made it is not trusted.</summary>
/// <remarks>
/// Opening checks names (nothing that could leave the folder it is unpacked into), number of files and sizes; reading
/// checks that a file has the size it claimed. Not thread-safe.
/// </remarks>
internal sealed class PackageArchive : IDisposable
{
    private const int CopyBufferBytes = 1 << 16;
    private const int MaxManifestBytes = 1 << 16;
    private const int MaxNameLength = 1_000;

    private readonly ZipArchive _zip;
    private readonly ZipArchiveEntry[] _entries;

    private PackageArchive(ZipArchive zip, ZipArchiveEntry[] entries)
    {
        _zip = zip;
        _entries = entries;
    }

    /// <summary>Names of the files, in the package's order.</summary>
    public IEnumerable<string> FileNames => _entries.Select(entry => entry.FullName);

    /// <summary>Opens a zip and checks what it lists.</summary>
    /// <param name="zip">Seekable; stays open.</param>
    /// <param name="options">The bounds.</param>
    /// <exception cref="InvalidPackageException">It is no zip, or one that is not allowed.</exception>
    public static PackageArchive Open(Stream zip, UserCodeOptions options)
    {
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
            return new PackageArchive(archive, Check(archive, options));
        }
        catch (Exception error)
        {
            archive?.Dispose();
            if (IsUnreadable(error))
            {
                throw new InvalidPackageException($"The package is no zip: {error.Message}");
            }

            throw;
        }
    }

    /// <summary>Reads the manifest.</summary>
    /// <exception cref="InvalidPackageException">There is none, or it does not read.</exception>
    public JobPackageManifest ReadManifest()
    {
        ZipArchiveEntry entry = _entries.FirstOrDefault(entry => entry.FullName == JobPackageManifest.FileName)
            ?? throw new InvalidPackageException(
                $"The package has no file {JobPackageManifest.FileName}; let the millrace command pack it.");
        if (entry.Length > MaxManifestBytes)
        {
            throw new InvalidPackageException($"The file {entry.FullName} of the package has {entry.Length} bytes.");
        }

        using var content = new MemoryStream();
        Read(entry, bytes => content.Write(bytes), CancellationToken.None);
        return JobPackageManifest.Parse(content.ToArray());
    }

    /// <summary>Computes the id that the content has.</summary>
    /// <exception cref="InvalidPackageException">The content does not read.</exception>
    public PackageId ComputeId(CancellationToken cancellationToken)
    {
        using var hash = new PackageHash();
        foreach (ZipArchiveEntry entry in _entries)
        {
            hash.BeginFile(entry.FullName, entry.Length);
            Read(entry, hash.Append, cancellationToken);
        }

        return hash.Finish();
    }

    /// <summary>Writes all files to a folder, durably.</summary>
    /// <param name="folder">Exists and is empty.</param>
    /// <param name="cancellationToken">Leaves the folder incomplete.</param>
    /// <exception cref="InvalidPackageException">The content does not read.</exception>
    public void ExtractTo(string folder, CancellationToken cancellationToken)
    {
        foreach (ZipArchiveEntry entry in _entries)
        {
            string path = Path.Combine(folder, entry.FullName);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            Read(entry, file.Write, cancellationToken);
            file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _zip.Dispose();

    private static ZipArchiveEntry[] Check(ZipArchive zip, UserCodeOptions options)
    {
        if (zip.Entries.Count > options.MaxFiles)
        {
            throw new InvalidPackageException(
                $"The package has {zip.Entries.Count} files; at most {options.MaxFiles} are allowed.");
        }

        // A zip may list folders; they are not part of a package.
        ZipArchiveEntry[] entries =
        [
            .. zip.Entries.Where(entry => !entry.FullName.EndsWith('/'))
                .OrderBy(entry => entry.FullName, PackageHash.Order),
        ];
        var names = new HashSet<string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (ZipArchiveEntry entry in entries)
        {
            CheckName(entry.FullName);
            if (!names.Add(entry.FullName))
            {
                throw new InvalidPackageException($"The package has the file '{entry.FullName}' twice.");
            }

            // Not added up first: sizes that only a forged zip has must not overflow.
            if (entry.Length < 0 || entry.Length > options.MaxUnpackedBytes - bytes)
            {
                throw new InvalidPackageException(
                    $"The files of the package have more than {options.MaxUnpackedBytes} bytes, which is all that is "
                    + "allowed.");
            }

            bytes += entry.Length;
        }

        return entries;
    }

    // Refused rather than repaired: no packer of ours writes such a name.
    private static void CheckName(string name)
    {
        bool allowed = name.Length is > 0 and <= MaxNameLength
            && name.AsSpan().IndexOfAny('\\', ':', '\0') < 0
            && name.Split('/').All(segment => segment is not ("" or "." or ".."));
        if (!allowed)
        {
            throw new InvalidPackageException(
                $"The package has a file named '{name}': a name may not be absolute, nor have '..', '\\' or ':' in "
                + "it.");
        }
    }

    // What the zip reader throws for damaged bytes, some of it only when the list or a file is asked for.
    private static bool IsUnreadable(Exception error) =>
        error is InvalidDataException or EndOfStreamException or NotSupportedException;

    private static void Read(ZipArchiveEntry entry, Take take, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[CopyBufferBytes];
        long left = entry.Length;
        try
        {
            using Stream content = entry.Open();
            for (int read = content.Read(buffer); read > 0; read = content.Read(buffer))
            {
                cancellationToken.ThrowIfCancellationRequested();
                left -= read;
                if (left < 0)
                {
                    break;
                }

                take(buffer.AsSpan(0, read));
            }
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            throw new InvalidPackageException(
                $"The file '{entry.FullName}' of the package does not read: {error.Message}");
        }

        if (left != 0)
        {
            throw new InvalidPackageException(
                $"The file '{entry.FullName}' of the package does not have the {entry.Length} bytes that are listed.");
        }
    }

    private delegate void Take(ReadOnlySpan<byte> bytes);
}
