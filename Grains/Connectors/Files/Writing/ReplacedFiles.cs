using System.Globalization;
using System.Text;
using Millrace.Execution.Files;

namespace Millrace.Connectors.Files.Writing;

/// <summary>The hidden list of files that an overwriting job found, and is to remove when it has finished.</summary>
/// <remarks>Each stands with its length and time of last change, so that nothing that came later is removed. One file a
/// line: length, ticks, name.</remarks>
internal sealed class ReplacedFiles(string directory, string listName)
{
    private readonly string _path = Path.Combine(directory, listName);

    /// <summary>Notes visible files of the directory, unless that was done before.</summary>
    /// <param name="names">From the directory on, parts joined by slashes.</param>
    public void Note(IEnumerable<string> names)
    {
        if (File.Exists(_path))
        {
            return;
        }

        string aside = _path + ".new";
        using (FileStream list = new(aside, FileMode.Create, FileAccess.Write))
        {
            foreach (string name in names)
            {
                FileInfo file = new(Path.Combine(directory, name));
                list.Write(Encoding.UTF8.GetBytes($"{IdentityOf(file)} {name}\n"));
            }

            list.Flush(flushToDisk: true);
        }

        File.Move(aside, _path, overwrite: true);
        DirectoryEntries.Flush(directory);
    }

    /// <summary>The names of the files of the list that are there, and are what they were.</summary>
    public IReadOnlyList<string> Present()
    {
        if (!File.Exists(_path))
        {
            return [];
        }

        List<string> present = [];
        foreach (string line in File.ReadAllText(_path).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int name = line.IndexOf(' ', line.IndexOf(' ', StringComparison.Ordinal) + 1) + 1;
            FileInfo file = new(Path.Combine(directory, line[name..]));
            if (file.Exists && line.AsSpan(0, name - 1).SequenceEqual(IdentityOf(file)))
            {
                present.Add(line[name..]);
            }
        }

        return present;
    }

    /// <summary>Forgets the list.</summary>
    public void Remove()
    {
        File.Delete(_path);
        File.Delete(_path + ".new");
    }

    private static string IdentityOf(FileInfo file) =>
        string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");
}
