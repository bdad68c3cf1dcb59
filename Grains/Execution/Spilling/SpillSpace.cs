using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Millrace.Execution.Spilling;

/// <summary>The part of the disk where a silo's jobs keep aside what does not fit the memory. One per silo.
/// Thread-safe.</summary>
/// <remarks>
/// Each process has a folder of its own, which it holds as long as it lives; what is found in a folder that nobody
/// holds was left by a dead one and is removed. Nothing is created before something is spilled.
/// </remarks>
internal sealed class SpillSpace : IDisposable
{
    private const int TriesForFolder = 8;

    private readonly IExecution _execution;
    private readonly string _root;
    private readonly Lock _lock = new();
    private string? _folder;
    private IDisposable? _hold;
    private long _used;
    private long _files;
    private bool _disposed;

    public SpillSpace(IExecution execution, BatchOptions options, ILogger? logger = null)
    {
        _execution = execution;
        Options = options;
        _root = options.SpillDirectory.Length > 0
            ? options.SpillDirectory
            : Path.Combine(Path.GetTempPath(), "millrace-spill");
        RemoveLeftovers(logger ?? NullLogger.Instance);
    }

    public BatchOptions Options { get; }

    /// <summary>Bytes that stand on the disk, or are about to.</summary>
    public long UsedBytes => Interlocked.Read(ref _used);

    /// <summary>A new file.</summary>
    /// <exception cref="SpillFailedException">It cannot be created.</exception>
    public SpillFile Create()
    {
        string path = Path.Combine(
            Folder(), Interlocked.Increment(ref _files).ToString("x8", CultureInfo.InvariantCulture) + ".spill");
        try
        {
            return new SpillFile(_execution.Files.Create(path), this);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SpillFailedException(path, exception);
        }
    }

    /// <summary>Removes the folder; files that are still open go when they are closed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _hold?.Dispose();
            if (_folder is not null)
            {
                TryDelete(_folder);
            }
        }
    }

    /// <exception cref="SpillBudgetExceededException">There is no room for them.</exception>
    internal void Take(long bytes)
    {
        long used = Interlocked.Add(ref _used, bytes);
        if (used > Options.MaxSpillBytes)
        {
            Interlocked.Add(ref _used, -bytes);
            throw new SpillBudgetExceededException(bytes, used - bytes, Options.MaxSpillBytes);
        }
    }

    internal void GiveBack(long bytes) => Interlocked.Add(ref _used, -bytes);

    private string Folder()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);

            // Another silo that starts may take a new folder for a left one, in the moment before it is held.
            for (int tries = 0; _folder is null && tries < TriesForFolder; tries++)
            {
                string folder = Path.Combine(_root, _execution.NewId().ToString("n"));
                _hold = Hold(folder);
                _folder = _hold is null ? null : folder;
            }

            return _folder ?? throw new SpillFailedException(_root, new IOException("no folder of its own to be had."));
        }
    }

    private IDisposable? Hold(string folder)
    {
        try
        {
            return _execution.Files.TryHold(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SpillFailedException(folder, exception);
        }
    }

    private void RemoveLeftovers(ILogger logger)
    {
        try
        {
            foreach (string folder in _execution.Files.FoldersIn(_root))
            {
                using IDisposable? hold = _execution.Files.TryHold(folder);
                if (hold is not null && TryDelete(folder))
                {
                    logger.LeftoverRemoved(folder);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now may be later; whoever spills will see whether the folder can be used.
            logger.LeftoverStays(exception, _root);
        }
    }

    private bool TryDelete(string folder)
    {
        try
        {
            _execution.Files.DeleteFolder(folder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
