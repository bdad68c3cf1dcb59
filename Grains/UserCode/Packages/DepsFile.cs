using System.Text.Json;
using Millrace.Jobs;

namespace Millrace.UserCode.Packages;

/// <summary>Which library of a published program needs which, and which files are whose, from its
/// <c>deps.json</c>.</summary>
internal sealed class DepsFile
{
    private const string RuntimePackPrefix = "runtimepack.";

    private readonly Dictionary<string, Library> _libraries;

    private DepsFile(Dictionary<string, Library> libraries) => _libraries = libraries;

    /// <summary>Reads the file.</summary>
    /// <returns>Null when it does not exist.</returns>
    /// <exception cref="InvalidPackageException">It is no <c>deps.json</c>.</exception>
    public static DepsFile? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            string target = root.GetProperty("runtimeTarget").GetProperty("name").GetString() ?? "";
            var libraries = new Dictionary<string, Library>(StringComparer.OrdinalIgnoreCase);
            foreach (JsonProperty library in root.GetProperty("targets").GetProperty(target).EnumerateObject())
            {
                string name = library.Name.Split('/')[0];
                libraries[name] = new Library(NamesIn(library.Value, "dependencies"), FilesOf(library.Value));
            }

            return new DepsFile(libraries);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidPackageException($"The file '{path}' does not read: {error.Message}");
        }
    }

    /// <summary>The files that only shared assemblies need, so that a package goes without them.</summary>
    /// <remarks>
    /// A library is needed when the program reaches it without passing through a shared one, or when an assembly
    /// that is needed names one of its assemblies: code may use what came with a dependency.
    /// </remarks>
    /// <param name="mainAssembly">Simple name of the program's main assembly.</param>
    /// <param name="referencesOf">Names of the assemblies that a file of the folder names; empty for other
    /// files.</param>
    public IReadOnlySet<string> FilesNotNeeded(string mainAssembly, Func<string, IEnumerable<string>> referencesOf)
    {
        string mainFile = mainAssembly + ".dll";
        var needed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<string>(
            _libraries.Where(pair => pair.Value.Files.Contains(mainFile)).Select(pair => pair.Key));
        if (open.Count == 0)
        {
            return new HashSet<string>();
        }

        Dictionary<string, string> libraryOf = LibraryOfAssembly();
        while (open.TryDequeue(out string? name))
        {
            if (IsShared(name) || !_libraries.TryGetValue(name, out Library? library) || !needed.Add(name))
            {
                continue;
            }

            foreach (string next in library.Dependencies)
            {
                open.Enqueue(next);
            }

            foreach (string assembly in library.Files.SelectMany(referencesOf))
            {
                if (libraryOf.TryGetValue(assembly, out string? owner))
                {
                    open.Enqueue(owner);
                }
            }
        }

        var files = _libraries.Where(pair => !needed.Contains(pair.Key)).SelectMany(pair => pair.Value.Files)
            .ToHashSet(StringComparer.Ordinal);
        files.ExceptWith(needed.SelectMany(name => _libraries[name].Files));
        return files;
    }

    private Dictionary<string, string> LibraryOfAssembly()
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Library library) in _libraries)
        {
            foreach (string file in library.Files.Where(PublishedFolder.IsAssemblyName))
            {
                owners.TryAdd(Path.GetFileNameWithoutExtension(file), name);
            }
        }

        return owners;
    }

    // A library without assemblies of its own (a package that only names others) is judged by its name.
    private bool IsShared(string library) =>
        library.StartsWith(RuntimePackPrefix, StringComparison.OrdinalIgnoreCase)
        || library.StartsWith("Microsoft.Orleans.", StringComparison.OrdinalIgnoreCase)
        || (_libraries.TryGetValue(library, out Library? known)
            && known.Files.Any(file => PublishedFolder.IsAssemblyName(file)
                && SharedAssemblies.Contains(Path.GetFileNameWithoutExtension(file))));

    // Publishing puts files of the program's own platform into its folder, languages and other platforms below it.
    private static HashSet<string> FilesOf(JsonElement library)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        files.UnionWith(NamesIn(library, "runtime").Select(path => LastSegments(path, 1)));
        files.UnionWith(NamesIn(library, "native").Select(path => LastSegments(path, 1)));
        files.UnionWith(NamesIn(library, "resources").Select(path => LastSegments(path, 2)));
        files.UnionWith(NamesIn(library, "runtimeTargets"));
        return files;
    }

    private static string LastSegments(string path, int count) => string.Join('/', path.Split('/')[^count..]);

    private static List<string> NamesIn(JsonElement library, string property) =>
        library.TryGetProperty(property, out JsonElement names)
            ? [.. names.EnumerateObject().Select(name => name.Name)]
            : [];

    private sealed record Library(List<string> Dependencies, HashSet<string> Files);
}
