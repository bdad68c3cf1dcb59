namespace Millrace.Connectors;

/// <summary>A directory of a test's own, removed at its end.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Full path.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("millrace-test-").FullName;

    /// <summary>Full path of something in it.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>Writes a file, and the directories above it.</summary>
    /// <returns>Full path.</returns>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a file of UTF-8 text, and the directories above it.</summary>
    /// <returns>Full path.</returns>
    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
