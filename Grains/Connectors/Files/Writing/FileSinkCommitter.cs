using Millrace.Execution.Files;

namespace Millrace.Connectors.Files.Writing;

/// <summary>Makes the files of all subtasks visible. Each step may be repeated, so that a commit that was broken off is
/// completed by the next one, and each can be taken back until the commit is done.</summary>
/// <param name="directory">Full path of the output directory.</param>
/// <param name="names">Names of the sink's files.</param>
/// <param name="replaces">Which files that are there may be replaced.</param>
/// <param name="jobId">The job.</param>
internal sealed class FileSinkCommitter(
    string directory, SinkFileNames names, ReplacedKind replaces, string jobId) : ISinkCommitter
{
    private const int EntriesNamed = 3;

    private readonly ReplacedFiles _replaced = new(directory, names.ReplacedList(jobId));
    private readonly CommitJournal _journal = new(directory, names.Journal(jobId));

    public ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        Guarded(Prepare);
        return ValueTask.CompletedTask;
    }

    public ValueTask CommitAsync(IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
    {
        FileCommittable[] files = [.. requests.Select(request => FileCommittable.Read(request.Committable))];
        Guarded(() => Commit(files, cancellationToken));
        return ValueTask.CompletedTask;
    }

    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        Guarded(() => RemoveHidden(cancellationToken));
        return ValueTask.CompletedTask;
    }

    public ValueTask RecoverAsync(IReadOnlyList<byte[]> kept, CancellationToken cancellationToken)
    {
        FileCommittable[] files = [.. kept.Select(FileCommittable.Read)];
        HashSet<string> complete = [.. files.Select(static file => file.HiddenName)];
        HashSet<string> visible = [.. files.Select(static file => file.FinalName)];
        Guarded(() =>
        {
            if (Directory.Exists(directory))
            {
                TakeBack(visible, cancellationToken);
                RemoveFiles(
                    name => names.IsHiddenOf(jobId, name) && !complete.Contains(name), cancellationToken);
            }
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask AbortAsync(CancellationToken cancellationToken)
    {
        Guarded(() =>
        {
            if (Directory.Exists(directory))
            {
                TakeBack([], cancellationToken);
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

        if (replaces == ReplacedKind.Nothing)
        {
            throw new OutputRefusedException(
                directory,
                $"it is not empty: it holds {Listed(visible)}. Empty it, name another one, or set "
                + $"{nameof(FileSinkOptions)}.{nameof(FileSinkOptions.Overwrite)} (--overwrite).");
        }

        List<FileSystemInfo> directories = [.. visible.Where(entry => entry is not FileInfo)];
        if (directories.Count > 0 && replaces == ReplacedKind.Files)
        {
            throw new OutputRefusedException(
                directory,
                $"it holds {Listed(directories)}. Only files are overwritten: remove what is no output, or name "
                + "another directory.");
        }

        _replaced.Note(visible.SelectMany(entry => entry is DirectoryInfo inner
            ? inner.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => !SinkFileNames.IsHidden(file.Name))
                .Select(file => Path.GetRelativePath(directory, file.FullName).Replace('\\', '/'))
            : [entry.Name]));
    }

    private void Commit(FileCommittable[] committables, CancellationToken cancellationToken)
    {
        FileCommittable[] files = [.. committables.Where(file => !file.IsMark)];
        if (files.Select(file => file.FinalName).Distinct().Count() < files.Length)
        {
            throw new FileWriteException(directory, "two files are to have the same name.");
        }

        HashSet<string> replaceable = [.. _replaced.Present()];

        // All are looked at before the first is renamed.
        List<FileCommittable> waiting = [.. files.Where(file => IsWaiting(file, replaceable))];

        // Several subtasks wrote into one bucket.
        List<FileCommittable> marks = [.. committables.Where(file => file.IsMark).Distinct()
            .Where(mark => !File.Exists(PathOf(mark.FinalName)) || replaceable.Contains(mark.FinalName))];
        if (!_journal.TryRead())
        {
            if (waiting.Count == 0 && marks.Count == 0 && replaceable.Count == 0)
            {
                return;
            }

            _journal.New.AddRange(waiting.Concat(marks).Select(file => (file.Length, file.FinalName)));
            _journal.Old.AddRange(replaceable.Order(StringComparer.Ordinal).Select((name, number) => (number, name)));
            _journal.Write();
        }

        foreach ((int number, string name) in _journal.Old.Where(old => replaceable.Contains(old.Name)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(PathOf(name), PathOf(names.Aside(jobId, number)), overwrite: true);
        }

        foreach (FileCommittable file in waiting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file.FinalName))!);
            File.Move(PathOf(file.HiddenName), PathOf(file.FinalName), overwrite: true);
        }

        FlushDirectories(files);
        foreach (FileCommittable mark in marks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(mark.FinalName))!);
            File.WriteAllBytes(PathOf(mark.FinalName), []);
        }

        FlushDirectories(marks);

        // From here on it is done: nothing takes it back.
        _journal.Remove();
        _replaced.Remove();
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

        if (hidden.Exists && final.Exists && !replaceable.Contains(file.FinalName))
        {
            throw new OutputRefusedException(
                directory,
                $"'{file.FinalName}' has appeared since the job started. Another job seems to write there.");
        }

        return hidden.Exists;
    }

    /// <summary>Takes back what a commit has done that was given up half-way.</summary>
    /// <param name="kept">Visible names that are to be made visible later: those that are stay.</param>
    /// <param name="cancellationToken">Gives up; said again, it goes on.</param>
    private void TakeBack(HashSet<string> kept, CancellationToken cancellationToken)
    {
        if (!_journal.TryRead())
        {
            return;
        }

        foreach ((long length, string name) in _journal.New)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FileInfo made = new(PathOf(name));
            bool isOld = _journal.Old.Exists(
                old => old.Name == name && !File.Exists(PathOf(names.Aside(jobId, old.Number))));
            if (made.Exists && made.Length == length && !isOld && !kept.Contains(name))
            {
                made.Delete();
                RemoveEmpty(made.Directory!);
            }
        }

        foreach ((int number, string name) in _journal.Old)
        {
            string aside = PathOf(names.Aside(jobId, number));
            if (kept.Contains(name) && File.Exists(PathOf(name)))
            {
                File.Delete(aside);
            }
            else if (File.Exists(aside))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
                File.Move(aside, PathOf(name), overwrite: true);
            }
        }

        DirectoryEntries.Flush(directory);
        _journal.Remove();
    }

    private void RemoveEmpty(DirectoryInfo bucket)
    {
        while (bucket.FullName.Length > directory.Length && !bucket.EnumerateFileSystemInfos().Any())
        {
            bucket.Delete();
            bucket = bucket.Parent!;
        }
    }

    private void FlushDirectories(IEnumerable<FileCommittable> files)
    {
        foreach (string bucket in files.Select(file => Path.GetDirectoryName(PathOf(file.FinalName))!).Distinct())
        {
            DirectoryEntries.Flush(bucket);
        }

        DirectoryEntries.Flush(directory);
    }

    /// <summary>Removes what other attempts of this job left, what was put aside, and the lists.</summary>
    private void RemoveHidden(CancellationToken cancellationToken)
    {
        RemoveFiles(
            name => names.IsHiddenOf(jobId, name) || names.IsAsideOf(jobId, name), cancellationToken);
        _journal.Remove();
        _replaced.Remove();
    }

    private void RemoveFiles(Predicate<string> which, CancellationToken cancellationToken)
    {
        foreach (string path in Directory.EnumerateFiles(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (which(Path.GetFileName(path)))
            {
                File.Delete(path);
            }
        }
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

/// <summary>Which files that are there when a job starts its output may replace.</summary>
internal enum ReplacedKind
{
    /// <summary>None: there must not be any.</summary>
    Nothing,

    /// <summary>Those of the directory itself.</summary>
    Files,

    /// <summary>Those of directories within too.</summary>
    Tree,
}
