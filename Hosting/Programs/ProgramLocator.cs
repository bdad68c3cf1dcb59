using Millrace.Jobs;
using Millrace.UserCode;
using Millrace.UserCode.Packages;

namespace Millrace.Programs;

/// <summary>Finds the program that a path on a command line means.</summary>
/// <remarks>
/// In this order: a <c>.dll</c> (with its folder), a <c>.zip</c> (a job package, or a published folder zipped by
/// hand), a project file, a folder with one project, a folder with one published program.
/// </remarks>
internal sealed class ProgramLocator(ProjectPublisher publisher, UserCodeOptions options)
{
    private static readonly string[] ProjectEndings = [".csproj", ".fsproj", ".vbproj"];

    private readonly ProjectPublisher _publisher = publisher;
    private readonly UserCodeOptions _options = options;

    /// <summary>Finds the program, and builds or unpacks it where needed.</summary>
    /// <param name="path">Relative to the current directory, or absolute.</param>
    /// <param name="cancellationToken">Ends a build.</param>
    /// <returns>To be disposed when the program is not needed any more.</returns>
    /// <exception cref="ProgramNotFoundException">There is no program.</exception>
    /// <exception cref="PublishFailedException">It does not build.</exception>
    /// <exception cref="InvalidPackageException">The zip is no package.</exception>
    public async Task<ProgramFolder> LocateAsync(string path, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ProgramNotFoundException(
                $"The path of the program is '{path}': a project, a published folder, a .dll or a .zip is needed.");
        }

        string full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            return await OfFileAsync(full, cancellationToken);
        }

        if (!Directory.Exists(full))
        {
            throw new ProgramNotFoundException($"There is no file or folder '{full}'.");
        }

        string[] projects = [.. Directory.EnumerateFiles(full).Where(IsProject).Order(StringComparer.Ordinal)];
        return projects.Length switch
        {
            1 => await _publisher.PublishAsync(projects[0], cancellationToken),
            > 1 => throw new ProgramNotFoundException(
                $"Folder '{full}' has several projects: {NamesOf(projects)}. Name the file of one."),
            _ => OfPublishedFolder(full),
        };
    }

    private async Task<ProgramFolder> OfFileAsync(string file, CancellationToken cancellationToken)
    {
        string extension = Path.GetExtension(file);
        if (IsProject(file))
        {
            return await _publisher.PublishAsync(file, cancellationToken);
        }

        return extension.ToUpperInvariant() switch
        {
            ".DLL" => new ProgramFolder(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file)),
            ".ZIP" => Unpack(file, cancellationToken),
            _ => throw new ProgramNotFoundException(
                $"File '{file}' is no program: a .dll, a .zip or a project ({string.Join(", ", ProjectEndings)}) is "
                + "needed."),
        };
    }

    private static ProgramFolder OfPublishedFolder(string folder)
    {
        const string RuntimeConfig = "*.runtimeconfig.json";
        string manifest = Path.Combine(folder, JobPackageManifest.FileName);
        if (File.Exists(manifest))
        {
            return new ProgramFolder(folder, JobPackageManifest.Parse(File.ReadAllBytes(manifest)).MainAssembly);
        }

        string[] programs = Directory.GetFiles(folder, RuntimeConfig);
        return programs.Length switch
        {
            1 => new ProgramFolder(folder, Path.GetFileName(programs[0])[..^(RuntimeConfig.Length - 1)]),
            > 1 => throw new ProgramNotFoundException(
                $"Folder '{folder}' has several programs: {NamesOf(programs)}. Name the .dll of one."),
            _ => throw new ProgramNotFoundException(
                $"Folder '{folder}' has no program: looked for one project ({string.Join(", ", ProjectEndings)}), one "
                + $"{RuntimeConfig} or a {JobPackageManifest.FileName}. A library is named by its .dll."),
        };
    }

    private ProgramFolder Unpack(string file, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("millrace-program-").FullName;
        try
        {
            using FileStream zip = File.OpenRead(file);
            using PackageArchive archive = PackageArchive.Open(zip, _options);
            archive.ExtractTo(folder, cancellationToken);
            return new ProgramFolder(folder, OfPublishedFolder(folder).MainAssembly, temporary: folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static bool IsProject(string file) =>
        ProjectEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static string NamesOf(IEnumerable<string> files) => string.Join(", ", files.Select(Path.GetFileName));
}
