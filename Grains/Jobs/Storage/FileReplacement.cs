namespace Millrace.Jobs.Storage;

/// <summary>Replaces a file in one step: whoever reads it, and whatever process is killed, sees the old or the new
/// one.</summary>
/// <param name="reached">Called before each step, for tests that break it there.</param>
internal sealed class FileReplacement(Action<string>? reached = null)
{
    private const string Aside = ".new";

    /// <summary>Writes aside, syncs, renames. One caller at a time for each path.</summary>
    /// <param name="path">The file; its directory is there.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="cancellationToken">Gives up before the rename: the old file stays.</param>
    public void Replace(string path, ReadOnlySpan<byte> content, CancellationToken cancellationToken = default)
    {
        string aside = path + Aside;
        reached?.Invoke("create");
        using (FileStream file = new(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            cancellationToken.ThrowIfCancellationRequested();
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

        cancellationToken.ThrowIfCancellationRequested();
        reached?.Invoke("rename");
        File.Move(aside, path, overwrite: true);
        reached?.Invoke("renamed");
    }
}
