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
    private readonly List<DiskDatabase> _databases = [];
    private RocksMemory? _memory;
    private long _taken;
    private int _files;
    private long _fileBytes;
    private long _number;
    private long _snapshotLookups;
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
    public int OpenDatabases => _databases.Count;

    /// <summary>How often a row was looked for in a snapshot, or a scan of one was begun, in all databases so far.
    /// What a row holds is put together each time.</summary>
    public long SnapshotLookups => Interlocked.Read(ref _snapshotLookups);

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

    /// <summary>Bytes of the write buffers of all databases, which are part of <see cref="MemoryBytes"/>.</summary>
    public long WriteBufferBytes
    {
        get
        {
            lock (_lock)
            {
                return _memory?.WriteBufferBytes ?? 0;
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
                return BytesOnDisk();
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
                    $"the {_databases.Count} operators and subtasks that have a part of it");
            }

            _memory ??= Load();
            DiskDatabase database = Create(_memory, rows);
            _databases.Add(database);
            _taken += DiskMemoryPlan.TakenBy(rows);
            _memory.Resize(_plan.Cache(_taken));
            return database;
        }
    }

    /// <summary>A place for state that is restored, until it is asked for.</summary>
    public SpaceFile CreateRestored() => new(this);

    /// <summary>Removes the folder; when databases or files are still open, once the last of them is closed.</summary>
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

    /// <summary>Makes a file beside the databases.</summary>
    /// <exception cref="DiskStateException">It cannot be made.</exception>
    internal IFile CreateFile()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            string path = PathOfNext();
            try
            {
                IFile file = _execution.Files.Create(path);
                _files++;
                return file;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new DiskStateException(path, exception.Message, exception);
            }
        }
    }

    /// <summary>Such a file is about to become larger.</summary>
    /// <exception cref="DiskStateException">That would be more than there may be.</exception>
    internal void TakeFile(int bytes)
    {
        lock (_lock)
        {
            if (BytesOnDisk() + bytes > _options.MaxBytes)
            {
                throw new DiskStateException(
                    _folder.Root, $"it would take more than {_options.MaxBytes} bytes (MaxBytes)");
            }

            _fileBytes += bytes;
        }
    }

    /// <summary>Such a file goes.</summary>
    internal void RemoveFile(IFile file, long bytes)
    {
        file.Dispose();
        lock (_lock)
        {
            _files--;
            _fileBytes -= bytes;
            End();
        }
    }

    /// <summary>A row is looked for in a snapshot. From any thread.</summary>
    internal void LooksIntoSnapshot() => Interlocked.Increment(ref _snapshotLookups);

    /// <summary>Write buffers have become as many as there is room for: those of the database with most go to the disk,
    /// whether it writes or is idle. Whoever writes faster than they go waits. From any thread.</summary>
    internal void Relieve(RocksMemory memory)
    {
        List<DiskDatabase> held;
        lock (_lock)
        {
            held = [.. _databases.Where(static one => one.TryHold())];
        }

        bool waits = memory.IsOverfull;
        held.MaxBy(database => waits ? database.AllBuffers() : database.OpenBuffer())?.Flush(waits);
        held.ForEach(static database => database.Release());
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
            _databases.Remove(database);
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
        string path = PathOfNext();
        nint options = memory.CreateOptions(path);
        try
        {
            return new DiskDatabase(this, memory, path, options, rows);
        }
        finally
        {
            RocksNative.DestroyOptions(options);
        }
    }

    private string PathOfNext()
    {
        try
        {
            return Path.Combine(_folder.Path, (++_number).ToString("x8", CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiskStateException(_folder.Root, exception.Message, exception);
        }
    }

    // Under the lock.
    private long BytesOnDisk() => (_memory?.FileBytes ?? 0) + _fileBytes;

    // Under the lock.
    private void End()
    {
        if (_disposed && _databases.Count == 0 && _files == 0)
        {
            _memory?.Dispose();
            _memory = null;
            _folder.Dispose();
        }
    }
}
