namespace Millrace.UserCode;

/// <summary>A folder for one test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("millrace-").FullName;

    public string Combine(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Copies a folder into this one, with all that is below it.</summary>
    public string Copy(string folder, string name)
    {
        string target = Combine(name);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
