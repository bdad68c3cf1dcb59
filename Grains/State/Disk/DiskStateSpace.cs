using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Execution;
using Millrace.State.Disk.Rocks;

namespace Millrace.State.Disk;

/// <summary>The part of the disk, and of the memory, in which a silo's jobs keep state that is larger than the memory.
/// One per silo. Thread-safe.</summary>
/// <remarks>Each process has a folder of its own in which each operator of each subtask has a database. Nothing is
/// loaded or created before the first one is asked for.</remarks>
internal sealed class DiskStateSpace : IDisposable
{
    private readonly IExecution _execution;
    private readonly DiskStateOptions _options;
    private readonly DiskMemoryPlan _plan;
    private readonly ProcessFolder _folder;
    private readonly Lock _lock = new();
    private RocksMemory? _memory;
    private long _taken;
    private int _open;
    private long _number;
    private bool _disposed;

    public DiskStateSpace(IExecution execution, DiskStateOptions options, ILogger? logger = null)
    {
        _execution = execution;
        _options = options;
        _plan = new DiskMemoryPlan(options.MemoryBudget);
        _folder = new ProcessFolder(execution, options.Directory.Length > 0
            ? options.Directory
            : Path.Combine(Path.GetTempPath(), "millrace-state"));
        logger ??= NullLogger.Instance;
        _folder.RemoveLeftovers(logger.LeftoverRemoved, exception => logger.LeftoverStays(exception, _folder.Root));
    }

    /// <summary>Whether anything has asked for a database yet.</summary>
    public bool IsLoaded => _memory is not null;

    /// <summary>Databases that are open.</summary>
    public int OpenDatabases => _open;

    /// <summary>Bytes of memory in use: blocks and write buffers, and rows at hand.</summary>
    public long MemoryBytes
    {
        get
        {
            lock (_lock)
            {
                return _memory is null ? 0 : _memory.UsedBytes + _taken;
            }
        }
    }

    /// <summary>Bytes that stand on the disk.</summary>
    public long DiskBytes
    {
        get
        {
            lock (_lock)
            {
                return _memory?.FileBytes ?? 0;
            }
        }
    }

    /// <summary>A new database, empty.</summary>
    /// <exception cref="DiskStateException">The budget has no room for it, or it cannot be created.</exception>
    public DiskDatabase Open()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int rows = _plan.RowsOfNext(_taken);
            if (rows == 0)
            {
                throw new DiskStateException(
                    _folder.Root,
                    $"the memory for it, {_options.MemoryBudget} bytes (MemoryBudget), is not enough for more than " +
                    $"the {_open} operators and subtasks that have a part of it");
            }

            _memory ??= Load();
            DiskDatabase database = Create(_memory, rows);
            _open++;
            _taken += DiskMemoryPlan.TakenBy(rows);
            _memory.Resize(_plan.Cache(_taken));
            return database;
        }
    }

    /// <summary>Removes the folder, unless databases are still open: then the next process does.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            End();
        }
    }

    /// <summary>A database is closed: its files go.</summary>
    internal void Closed(DiskDatabase database)
    {
        try
        {
            _execution.Files.DeleteFolder(database.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They go with the folder of the process, or with the next process.
        }

        lock (_lock)
        {
            _open--;
            _taken -= DiskMemoryPlan.TakenBy(database.RowBytes);
            _memory!.Resize(_plan.Cache(_taken));
            End();
        }
    }

    private RocksMemory Load()
    {
        try
        {
            return new RocksMemory(_plan, _options.MaxBytes, _options.BackgroundThreads);
        }
        catch (DllNotFoundException exception)
        {
            throw new DiskStateException(
                _folder.Root, $"there is no library of RocksDB for this system: {exception.Message}", exception);
        }
    }

    private DiskDatabase Create(RocksMemory memory, int rows)
    {
        string path = _folder.Root;
        try
        {
            path = Path.Combine(_folder.Path, (++_number).ToString("x8", CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiskStateException(path, exception.Message, exception);
        }

        nint options = memory.CreateOptions(path);
        try
        {
            return new DiskDatabase(this, path, options, rows);
        }
        finally
        {
            RocksNative.DestroyOptions(options);
        }
    }

    // Under the lock.
    private void End()
    {
        if (_disposed && _open == 0)
        {
            _memory?.Dispose();
            _memory = null;
            _folder.Dispose();
        }
    }
}
