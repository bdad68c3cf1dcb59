using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>The folder that <c>dotnet publish</c> (or a build of a program) left: what of it a package needs.</summary>
internal sealed class PublishedFolder
{
    private const string RuntimeConfigEnding = ".runtimeconfig.json";
    private const string DepsEnding = ".deps.json";

    private static readonly string[] AssemblyEndings = [".dll", ".exe"];

    private readonly string _folder;
    private readonly Dictionary<string, string> _paths;

    private PublishedFolder(string folder, string mainAssembly, Dictionary<string, string> paths)
    {
        _folder = folder;
        MainAssembly = mainAssembly;
        _paths = paths;
    }

    /// <summary>Simple name of the program's main assembly.</summary>
    public string MainAssembly { get; }

    /// <summary>Absolute path of the program's main assembly.</summary>
    public string MainAssemblyPath => Path.Combine(_folder, MainAssembly + ".dll");

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">Has the main assembly in it.</param>
    /// <param name="mainAssembly">Simple name, or null for the one that a <c>runtimeconfig.json</c> or, in a library,
    /// a <c>deps.json</c> is for.</param>
    /// <param name="maxFiles">A folder with more files in and below it is taken for a mistake.</param>
    /// <exception cref="InvalidPackageException">There is no such program in it.</exception>
    public static PublishedFolder Open(string folder, string? mainAssembly, int maxFiles)
    {
        string full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
        {
            throw new InvalidPackageException($"The folder '{full}' does not exist.");
        }

        string main = mainAssembly ?? FindMain(full);
        if (!File.Exists(Path.Combine(full, main + ".dll")))
        {
            throw new InvalidPackageException($"The folder '{full}' has no '{main}.dll'.");
        }

        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        AddFiles(full, "", main, paths, maxFiles);
        return new PublishedFolder(full, main, paths);
    }

    /// <summary>Whether a file is named like an assembly.</summary>
    public static bool IsAssemblyName(string file) =>
        AssemblyEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>The files that belong into the package: name with forward slashes, and path.</summary>
    public IEnumerable<(string Name, string Path)> FilesNeeded()
    {
        DepsFile? deps = DepsFile.Read(Path.Combine(_folder, MainAssembly + DepsEnding));
        IReadOnlySet<string> notNeeded = deps?.FilesNotNeeded(MainAssembly, ReferencesOf) ?? new HashSet<string>();
        return _paths.Where(pair => IsNeeded(pair.Key, notNeeded)).Select(pair => (pair.Key, pair.Value));
    }

    private static string FindMain(string folder)
    {
        foreach (string ending in new[] { RuntimeConfigEnding, DepsEnding })
        {
            string[] found =
            [
                .. Directory.EnumerateFiles(folder, "*" + ending).Select(Path.GetFileName).OfType<string>(),
            ];
            if (found.Length == 1)
            {
                return found[0][..^ending.Length];
            }

            if (found.Length > 1)
            {
                throw new InvalidPackageException(
                    $"The folder '{folder}' has several programs: {string.Join(", ", found.Order())}. Name the .dll of "
                    + "one.");
            }
        }

        throw new InvalidPackageException(
            $"The folder '{folder}' has no program: looked for one *{RuntimeConfigEnding} or *{DepsEnding}.");
    }

    // A folder below that has the main assembly again is another output of the same project ("publish" below a build).
    private static void AddFiles(
        string folder, string prefix, string main, Dictionary<string, string> paths, int maxFiles)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            string name = prefix + entry.Name;
            if (entry is FileInfo)
            {
                paths.Add(name, entry.FullName);
                if (paths.Count > maxFiles)
                {
                    throw new InvalidPackageException(
                        $"There are more than {maxFiles} files in and below the folder of '{main}.dll', '{folder}' "
                        + "among them; a package may have that many (Millrace:UserCode:MaxFiles).");
                }

                continue;
            }

            bool isLink = entry.LinkTarget is not null;
            bool isOtherOutput = entry.Name is "ref" or "refint"
                || File.Exists(Path.Combine(entry.FullName, main + ".dll"));
            if (!isLink && !isOtherOutput)
            {
                AddFiles(entry.FullName, name + "/", main, paths, maxFiles);
            }
        }
    }

    private IEnumerable<string> ReferencesOf(string file) =>
        IsAssemblyName(file) && _paths.TryGetValue(file, out string? path) && AssemblyFacts.Read(path) is { } facts
            ? facts.References.Select(reference => reference.Name).OfType<string>()
            : [];

    private bool IsNeeded(string name, IReadOnlySet<string> notNeeded)
    {
        if (name == JobPackageManifest.FileName || name == MainAssembly || name == MainAssembly + ".exe")
        {
            // Written anew; the starter of the program is for its own machine.
            return false;
        }

        string extension = Path.GetExtension(name);
        string assembly = Path.ChangeExtension(name, ".dll");
        if (extension is not (".dll" or ".pdb" or ".xml" or ".exe"))
        {
            return !notNeeded.Contains(name);
        }

        // Documentation and symbols go with their assembly; data that happens to be XML stays.
        bool isDocumentation = extension is ".xml" && _paths.ContainsKey(assembly);
        return !isDocumentation
            && !notNeeded.Contains(name)
            && !notNeeded.Contains(assembly)
            && !(IsAssemblyPart(name) && SharedAssemblies.Contains(AssemblyOf(name)));
    }

    private static bool IsAssemblyPart(string name) => Path.GetExtension(name) is ".dll" or ".pdb";

    private static string AssemblyOf(string name)
    {
        const string Satellite = ".resources";
        string simple = Path.GetFileNameWithoutExtension(name);
        return simple.EndsWith(Satellite, StringComparison.Ordinal) ? simple[..^Satellite.Length] : simple;
    }
}
