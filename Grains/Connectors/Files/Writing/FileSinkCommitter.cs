namespace Millrace.Connectors.Files.Writing;

/// <summary>Makes the files of all subtasks visible. Each step may be repeated, so that a commit that was broken off is
/// completed by the next one.</summary>
internal sealed class FileSinkCommitter(string directory, SinkFileNames names, bool overwrite, string jobId)
    : ISinkCommitter
{
    private const int EntriesNamed = 3;

    private readonly ReplacedFiles _replaced = new(directory, names.Replaced(jobId));

    public ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        Guarded(Prepare);
        return ValueTask.CompletedTask;
    }

    public ValueTask CommitAsync(IReadOnlyList<byte[]> committables, CancellationToken cancellationToken)
    {
        FileCommittable[] files = [.. committables.Select(FileCommittable.Read)];
        Guarded(() => Commit(files, cancellationToken));
        return ValueTask.CompletedTask;
    }

    public ValueTask AbortAsync(CancellationToken cancellationToken)
    {
        Guarded(() =>
        {
            if (Directory.Exists(directory))
            {
                RemoveHidden(cancellationToken);
            }
        });
        return ValueTask.CompletedTask;
    }

    private void Prepare()
    {
        if (File.Exists(directory))
        {
            throw new OutputRefusedException(directory, "it is a file.");
        }

        Directory.CreateDirectory(directory);
        List<FileSystemInfo> visible = [.. new DirectoryInfo(directory).EnumerateFileSystemInfos()
            .Where(entry => !SinkFileNames.IsHidden(entry.Name))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        if (visible.Count == 0)
        {
            return;
        }

        if (!overwrite)
        {
            throw new OutputRefusedException(
                directory,
                $"it is not empty: it holds {Listed(visible)}. Empty it, name another one, or set "
                + $"{nameof(FileSinkOptions)}.{nameof(FileSinkOptions.Overwrite)} (--overwrite).");
        }

        List<FileSystemInfo> directories = [.. visible.Where(entry => entry is not FileInfo)];
        if (directories.Count > 0)
        {
            throw new OutputRefusedException(
                directory,
                $"it holds {Listed(directories)}. Only files are overwritten: remove what is no output, or name "
                + "another directory.");
        }

        _replaced.Note(visible.OfType<FileInfo>());
    }

    private void Commit(FileCommittable[] files, CancellationToken cancellationToken)
    {
        HashSet<string> finals = [.. files.Select(file => file.FinalName)];
        if (finals.Count < files.Length)
        {
            throw new FileWriteException(directory, "two files are to have the same name.");
        }

        IReadOnlyList<FileInfo> replaced = _replaced.Present();
        HashSet<string> replaceable = [.. replaced.Select(file => file.Name)];

        // All are looked at before the first is renamed.
        List<FileCommittable> waiting = [.. files.Where(file => IsWaiting(file, replaceable))];
        foreach (FileCommittable file in waiting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(PathOf(file.HiddenName), PathOf(file.FinalName), overwrite: true);
        }

        DirectoryEntries.Flush(directory);
        foreach (FileInfo file in replaced.Where(file => !finals.Contains(file.Name)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Delete();
        }

        RemoveHidden(cancellationToken);
        DirectoryEntries.Flush(directory);
    }

    /// <returns>False when it is visible already.</returns>
    private bool IsWaiting(FileCommittable file, HashSet<string> replaceable)
    {
        FileInfo hidden = new(PathOf(file.HiddenName));
        FileInfo final = new(PathOf(file.FinalName));
        FileInfo complete = hidden.Exists ? hidden : final;
        if (!complete.Exists)
        {
            throw new FileWriteException(
                hidden.FullName,
                "it was complete and is gone now. The directory must be one and the same for all silos.");
        }

        if (complete.Length != file.Length)
        {
            throw new FileWriteException(
                complete.FullName, $"it has {complete.Length} bytes, but {file.Length} were written.");
        }

        if (hidden.Exists && final.Exists && !replaceable.Contains(final.Name))
        {
            throw new OutputRefusedException(
                directory, $"'{final.Name}' has appeared since the job started. Another job seems to write there.");
        }

        return hidden.Exists;
    }

    /// <summary>Removes what other attempts of this job left, and its list of files to remove.</summary>
    private void RemoveHidden(CancellationToken cancellationToken)
    {
        foreach (string path in Directory.EnumerateFiles(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (names.IsHiddenOf(jobId, Path.GetFileName(path)))
            {
                File.Delete(path);
            }
        }

        _replaced.Remove();
    }

    private static string Listed(List<FileSystemInfo> entries)
    {
        string named = string.Join(", ", entries.Take(EntriesNamed).Select(entry => $"'{entry.Name}'"));
        return entries.Count > EntriesNamed ? $"{named} and {entries.Count - EntriesNamed} more" : named;
    }

    private string PathOf(string name) => Path.Combine(directory, name);

    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception) when (FileWriteException.Explains(exception))
        {
            throw FileWriteException.Of(directory, exception);
        }
    }
}
