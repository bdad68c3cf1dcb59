using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Execution;
using Millrace.Jobs;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>Copies on this silo's disk of what its subtasks have written for checkpoints. One per silo.
/// Thread-safe.</summary>
/// <remarks>
/// Nothing depends on them: whoever finds none, or a damaged one, reads the checkpoint itself. They are found by the
/// name of the file they are a copy of, which no other file ever has. Each process has a folder of its own, and what a
/// dead one left there is removed.
/// </remarks>
internal sealed class LocalCopies : IDisposable
{
    private readonly IExecution _execution;
    private readonly LocalStateOptions _options;
    private readonly ILogger _logger;
    private readonly ProcessFolder _folder;
    private readonly Lock _gate = new();
    private readonly Dictionary<(JobId Job, string File), LocalCopy> _copies = [];
    private readonly SortedDictionary<long, LocalCopy> _byAge = [];
    private long _used;
    private int _files;
    private long _begun;
    private bool _disposed;

    /// <param name="execution">Gives files, and runs what waits for them.</param>
    /// <param name="options">Where, and how much.</param>
    /// <param name="logger">Hears of what could not be kept or used.</param>
    public LocalCopies(IExecution execution, LocalStateOptions options, ILogger? logger = null)
    {
        _execution = execution;
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _folder = new ProcessFolder(execution, options.Directory.Length > 0
            ? options.Directory
            : Path.Combine(Path.GetTempPath(), "millrace-local-state"));
        _folder.RemoveLeftovers(_logger.LeftoverRemoved, exception => _logger.LeftoverStays(exception, _folder.Root));
    }

    /// <summary>Gives files, and runs what waits for them.</summary>
    public IExecution Execution => _execution;

    /// <summary>Bytes that stand on the disk.</summary>
    public long UsedBytes => Interlocked.Read(ref _used);

    /// <summary>Files that stand there, those that are being written with them.</summary>
    public int Files => Volatile.Read(ref _files);

    /// <summary>Begins a copy of a file that is about to be written.</summary>
    /// <returns>Null when there can be none.</returns>
    public LocalCopyWriter? Begin(JobId job, CopiedFile file)
    {
        if (TryTakeFile())
        {
            long number = Interlocked.Increment(ref _begun);
            try
            {
                IFile made = _execution.Files.Create(Path.Combine(
                    _folder.Path, number.ToString("x8", CultureInfo.InvariantCulture) + ".copy"));
                return new LocalCopyWriter(new LocalCopy(this, made, job, file, number));
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Interlocked.Decrement(ref _files);
                _logger.NotCopied(exception, file.Name);
            }
        }

        return null;
    }

    /// <summary>The copy of a file, for one reader, who releases it.</summary>
    public bool TryUse(JobId job, string file, [NotNullWhen(true)] out LocalCopy? copy)
    {
        lock (_gate)
        {
            return _copies.TryGetValue((job, file), out copy) && copy.TryUse();
        }
    }

    /// <summary>A copy is not what was written.</summary>
    public void Discard(LocalCopy damaged, string finding)
    {
        _logger.Damaged(damaged.File.Name, finding);
        Remove([damaged]);
    }

    /// <summary>A subtask's part of a checkpoint is complete: of what it, and attempts of it before, had written up to
    /// then, only the files of that part are needed.</summary>
    /// <param name="subtask">The subtask, whatever attempt.</param>
    /// <param name="upTo">Number of the latest checkpoint that is over.</param>
    /// <param name="needed">Names of the files that are kept.</param>
    public void Superseded(ExecutionAttemptId subtask, long upTo, IReadOnlySet<string> needed)
    {
        lock (_gate)
        {
            Remove(copy => copy.Job == subtask.Job
                && copy.File.Vertex == subtask.Vertex
                && copy.File.Subtask == subtask.Subtask
                && copy.File.Checkpoint <= upTo
                && !needed.Contains(copy.File.Name));
        }
    }

    /// <summary>Jobs of which there are copies.</summary>
    public IReadOnlyList<JobId> Jobs()
    {
        lock (_gate)
        {
            return [.. _copies.Keys.Select(static key => key.Job).Distinct()];
        }
    }

    /// <summary>A job is over: nothing of it stays.</summary>
    public void Forget(JobId job)
    {
        lock (_gate)
        {
            Remove(copy => copy.Job == job);
        }
    }

    /// <summary>Removes all of them; one that is read goes when its reader is done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Remove(static _ => true);
        }

        _folder.Dispose();
    }

    /// <summary>A copy is complete: from now on it is found.</summary>
    internal void Keep(LocalCopy copy)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                copy.Release();
                return;
            }

            if (_copies.Remove((copy.Job, copy.File.Name), out LocalCopy? former))
            {
                _byAge.Remove(former.Number);
                former.Release();
            }

            _copies.Add((copy.Job, copy.File.Name), copy);
            _byAge.Add(copy.Number, copy);
        }
    }

    /// <summary>Makes room for bytes that are about to be written.</summary>
    /// <returns>False when there is none.</returns>
    internal bool TryTake(int bytes)
    {
        lock (_gate)
        {
            while (_used + bytes > _options.MaxBytes)
            {
                if (!RemoveOldest())
                {
                    return false;
                }
            }

            Interlocked.Add(ref _used, bytes);
            return true;
        }
    }

    /// <summary>Room was made that is not used.</summary>
    internal void NotWritten(long bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>A file is gone from the disk.</summary>
    internal void GiveBack(long bytes)
    {
        Interlocked.Add(ref _used, -bytes);
        Interlocked.Decrement(ref _files);
    }

    private bool TryTakeFile()
    {
        lock (_gate)
        {
            while (_files >= _options.MaxFiles)
            {
                if (!RemoveOldest())
                {
                    return false;
                }
            }

            Interlocked.Increment(ref _files);
            return true;
        }
    }

    private bool RemoveOldest()
    {
        if (_byAge.Count == 0)
        {
            return false;
        }

        Remove([_byAge.First().Value]);
        return true;
    }

    private void Remove(Func<LocalCopy, bool> which) => Remove([.. _copies.Values.Where(which)]);

    private void Remove(IReadOnlyList<LocalCopy> copies)
    {
        lock (_gate)
        {
            foreach (LocalCopy copy in copies)
            {
                if (_byAge.Remove(copy.Number))
                {
                    _copies.Remove((copy.Job, copy.File.Name));
                    copy.Release();
                }
            }
        }
    }
}
