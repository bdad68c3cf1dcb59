using System.Globalization;
using System.Text;
using Millrace.Execution.Files;

namespace Millrace.Connectors.Files.Writing;

/// <summary>The hidden list of what a commit does, written before it does anything, so that it can be completed by
/// another process or be taken back.</summary>
/// <remarks>One step a line: <c>old</c>, number, visible path of a file that is replaced; <c>new</c>, length, visible
/// path of a file that appears.</remarks>
internal sealed class CommitJournal(string directory, string name)
{
    private readonly string _path = Path.Combine(directory, name);

    /// <summary>Files that are replaced, with the numbers they are put aside by.</summary>
    public List<(int Number, string Name)> Old { get; } = [];

    /// <summary>Files that appear, with their lengths in bytes.</summary>
    public List<(long Length, string Name)> New { get; } = [];

    /// <summary>Reads the list.</summary>
    /// <returns>False when there is none: no commit is under way.</returns>
    public bool TryRead()
    {
        Old.Clear();
        New.Clear();
        if (!File.Exists(_path))
        {
            return false;
        }

        foreach (string line in File.ReadAllText(_path).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ', 3);
            if (parts[0] == "old")
            {
                Old.Add((int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]));
            }
            else
            {
                New.Add((long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]));
            }
        }

        return true;
    }

    /// <summary>Writes the list, durably.</summary>
    public void Write()
    {
        StringBuilder text = new();
        foreach ((int number, string old) in Old)
        {
            text.Append(CultureInfo.InvariantCulture, $"old {number} {old}\n");
        }

        foreach ((long length, string made) in New)
        {
            text.Append(CultureInfo.InvariantCulture, $"new {length} {made}\n");
        }

        string aside = _path + ".new";
        using (FileStream list = new(aside, FileMode.Create, FileAccess.Write))
        {
            list.Write(Encoding.UTF8.GetBytes(text.ToString()));
            list.Flush(flushToDisk: true);
        }

        File.Move(aside, _path, overwrite: true);
        DirectoryEntries.Flush(directory);
    }

    /// <summary>The commit is done, or taken back.</summary>
    public void Remove()
    {
        File.Delete(_path);
        File.Delete(_path + ".new");
    }
}
