using System.Diagnostics;

namespace Millrace.Repository;

/// <summary>The files a rule reads: those of the repository, or a few written down in a test.</summary>
internal sealed class SourceTree
{
    private const string Solution = "Orleans.sln";

    private static readonly Lazy<SourceTree> Loaded = new(Load);

    private static readonly HashSet<string> NeverSource =
        ["artifacts", "bin", "obj", "node_modules", ".git", ".vs", ".idea", ".vscode", "TestResults", "out"];

    private readonly HashSet<string> _paths;
    private readonly HashSet<string> _folders;

    private SourceTree(IEnumerable<SourceFile> files)
    {
        Files = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        _paths = [.. Files.Select(file => file.Path)];
        _folders = [.. Files.SelectMany(file => Ancestors(file.Folder))];
    }

    /// <summary>Everything git tracks or would track; without git, everything that is not build output.</summary>
    public static SourceTree Repository => Loaded.Value;

    public IReadOnlyList<SourceFile> Files { get; }

    public IEnumerable<SourceFile> CSharp => Files.Where(file => file.IsCSharp);

    public IReadOnlyCollection<string> Folders => _folders;

    public static SourceTree Of(string path, string text) => Of((path, text));

    public static SourceTree Of(params (string Path, string Text)[] files) =>
        new(files.Select(file => new SourceFile(file.Path, () => file.Text)));

    public bool HasFile(string path) => _paths.Contains(path);

    public bool HasFolder(string path) => path.Length == 0 || _folders.Contains(path);

    public SourceFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    /// <summary>Follows a relative path from a folder; what leads out of the repository keeps its dots.</summary>
    public static string Resolve(string folder, string path)
    {
        List<string> parts = [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static SourceTree Load()
    {
        string root = FindRoot(AppContext.BaseDirectory);
        IEnumerable<string> paths = ListByGit(root) ?? ListByFolder(root);
        SourceTree tree = new(paths
            .Where(path => File.Exists(Path.Combine(root, path)))
            .Select(path => new SourceFile(path, () => File.ReadAllText(Path.Combine(root, path)))));

        // A gate over an empty list would be green for ever.
        Assert.IsTrue(tree.HasFile(Solution), $"'{Solution}' is not among the files listed under '{root}'.");
        return tree;
    }

    private static string FindRoot(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above '{start}' holds '{Solution}'.");
    }

    private static List<string>? ListByGit(string root)
    {
        ProcessStartInfo start = new("git") { WorkingDirectory = root, RedirectStandardOutput = true };
        foreach (string argument in (string[])["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct()] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // No git here: a source archive.
        }
    }

    private static IEnumerable<string> ListByFolder(string root)
    {
        Queue<string> folders = new([root]);
        while (folders.TryDequeue(out string? folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder))
            {
                yield return Path.GetRelativePath(root, file).Replace('\\', '/');
            }

            foreach (string inner in Directory.EnumerateDirectories(folder))
            {
                if (!NeverSource.Contains(Path.GetFileName(inner)))
                {
                    folders.Enqueue(inner);
                }
            }
        }
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (string at = folder; at.Length > 0; at = at.Contains('/') ? at[..at.LastIndexOf('/')] : "")
        {
            yield return at;
        }
    }
}
