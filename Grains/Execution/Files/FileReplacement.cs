namespace Millrace.Execution.Files;

/// <summary>Replaces a file in one step: whoever reads it, whatever process is killed and whenever the power fails,
/// sees the old or the new one.</summary>
/// <param name="reached">Called before each step, for tests that break it there.</param>
internal sealed class FileReplacement(Action<string>? reached = null)
{
    /// <summary>What the name of a file ends with that is not finished.</summary>
    public const string Aside = ".new";

    private const int BufferBytes = 64 << 10;

    /// <summary>Writes aside, syncs, renames, syncs the name. One caller at a time for each path.</summary>
    /// <param name="path">The file; its directory is there.</param>
    /// <param name="content">What it is to hold.</param>
    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        string aside = path + Aside;
        reached?.Invoke("create");
        using (FileStream file = new(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            int half = content.Length / 2;
            file.Write(content[..half]);
            if (reached is not null)
            {
                file.Flush();
                reached("write");
            }

            file.Write(content[half..]);
            reached?.Invoke("sync");
            file.Flush(flushToDisk: true);
        }

        Rename(aside, path);
    }

    /// <summary>The same with a writer, which may give up: nothing is left aside then.</summary>
    /// <param name="path">The file; its directory is there.</param>
    /// <param name="write">Writes what it is to hold; called once.</param>
    /// <param name="cancellationToken">Gives up before the rename: the old file stays.</param>
    public void Replace(string path, Action<Stream> write, CancellationToken cancellationToken)
    {
        string aside = path + Aside;
        reached?.Invoke("create");
        FileStream file = new(aside, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
        try
        {
            using (file)
            {
                cancellationToken.ThrowIfCancellationRequested();
                write(file);
                cancellationToken.ThrowIfCancellationRequested();
                reached?.Invoke("sync");
                file.Flush(flushToDisk: true);
            }
        }
        catch
        {
            File.Delete(aside);
            throw;
        }

        Rename(aside, path);
    }

    private void Rename(string aside, string path)
    {
        reached?.Invoke("rename");
        File.Move(aside, path, overwrite: true);
        reached?.Invoke("renamed");
        DirectoryEntries.Flush(Path.GetDirectoryName(path)!);
    }
}
