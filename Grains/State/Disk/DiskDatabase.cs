using System.Runtime.InteropServices;
using System.Text;
using Millrace.State.Disk.Changes;
using Millrace.State.Disk.Rocks;

namespace Millrace.State.Disk;

/// <summary>The rows of one operator in one subtask, on the disk. Belongs to one loop.</summary>
/// <remarks>
/// What is written is gathered and handed on together by <see cref="Write"/>; reads see it from then on. There is no
/// log: what outlives the process is a checkpoint. Snapshots may be read on other threads; the last one to let go
/// closes the database and removes its folder.
/// </remarks>
internal sealed class DiskDatabase
{
    private const int Found = 1;
    private const int Failed = 2;

    private readonly DiskStateSpace _space;
    private readonly RocksMemory _memory;
    private readonly nint _database;
    private readonly nint _family;
    private readonly nint _readOptions;
    private readonly nint _writeOptions;
    private readonly nint _batch;
    private RowChanges? _changes;
    private int _holders = 1;

    /// <param name="space">Where it stands.</param>
    /// <param name="memory">What it shares with others.</param>
    /// <param name="path">Its folder.</param>
    /// <param name="options">How it is opened.</param>
    /// <param name="rowBytes">Bytes of rows that its loop may have at hand.</param>
    /// <exception cref="DiskStateException">It cannot be opened.</exception>
    public DiskDatabase(DiskStateSpace space, RocksMemory memory, string path, nint options, int rowBytes)
    {
        _space = space;
        _memory = memory;
        Path = path;
        RowBytes = rowBytes;
        nint error = 0;
        _database = RocksNative.Open(options, path, ref error);
        RocksError.ThrowIf(error, path);
        _family = RocksNative.GetFamily(_database);
        _readOptions = RocksNative.CreateReadOptions();
        _writeOptions = RocksNative.CreateWriteOptions();
        RocksNative.DisableLog(_writeOptions, 1);
        _batch = RocksNative.CreateBatch();
    }

    /// <summary>Its folder.</summary>
    public string Path { get; }

    /// <summary>Bytes of rows that its loop may have at hand.</summary>
    public int RowBytes { get; }

    /// <summary>Reads a row.</summary>
    /// <param name="row">Its key.</param>
    /// <param name="into">Where its value goes, if there is room enough.</param>
    /// <returns>Length of the value, which may be more than there is room for: nothing was read then; -1 when there is
    /// no such row.</returns>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public int Read(ReadOnlySpan<byte> row, Span<byte> into)
    {
        nint error = 0;
        nint pinned = RocksNative.Get(
            _database, _readOptions, ref MemoryMarshal.GetReference(row), (nuint)row.Length, ref error);
        RocksError.ThrowIf(error, Path);
        if (pinned == 0)
        {
            return -1;
        }

        ReadOnlySpan<byte> value = RocksSlice.At(RocksNative.GetPinned(pinned, out nuint length), length);
        if (value.Length <= into.Length)
        {
            value.CopyTo(into);
        }

        RocksNative.DestroyPinned(pinned);
        return value.Length;
    }

    /// <summary>Reads rows and hands over those that are there.</summary>
    /// <param name="rows">Keys, in pinned memory.</param>
    /// <param name="take">Called for each, in their order; with nothing where there is no row.</param>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void ReadMany(ReadOnlySpan<RocksSlice> rows, TakeRow take)
    {
        nint many = RocksNative.GetMany(
            _database, _readOptions, _family, (nuint)rows.Length, ref MemoryMarshal.GetReference(rows), sorted: 0);
        try
        {
            for (int i = 0; i < rows.Length; i++)
            {
                int state = RocksNative.GetResult(
                    many, (nuint)i, out nint value, out nuint length, out nint error, out nuint errorLength);
                if (state == Failed)
                {
                    string reason = Encoding.UTF8.GetString(RocksSlice.At(error, errorLength));
                    throw new DiskStateException(Path, reason);
                }

                take(i, state == Found, RocksSlice.At(value, length));
            }
        }
        finally
        {
            RocksNative.DestroyMany(many);
        }
    }

    /// <summary>Tells of each row that is written from now on, before it is.</summary>
    public void TellOf(RowChanges changes) => _changes = changes;

    /// <summary>Sets a row by the next <see cref="Write"/>.</summary>
    public void Put(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value)
    {
        _changes?.Add(row, isRemoved: false);
        RocksNative.Put(
            _batch,
            ref MemoryMarshal.GetReference(row),
            (nuint)row.Length,
            ref MemoryMarshal.GetReference(value),
            (nuint)value.Length);
    }

    /// <summary>Puts bytes behind what a row holds, if anything, by the next <see cref="Write"/>.</summary>
    public void Append(ReadOnlySpan<byte> row, ReadOnlySpan<byte> bytes)
    {
        _changes?.Add(row, isRemoved: false);
        RocksNative.Merge(
            _batch,
            ref MemoryMarshal.GetReference(row),
            (nuint)row.Length,
            ref MemoryMarshal.GetReference(bytes),
            (nuint)bytes.Length);
    }

    /// <summary>Removes a row by the next <see cref="Write"/>.</summary>
    public void Remove(ReadOnlySpan<byte> row)
    {
        _changes?.Add(row, isRemoved: true);
        RocksNative.Delete(_batch, ref MemoryMarshal.GetReference(row), (nuint)row.Length);
    }

    /// <summary>Removes the rows from one on to before another by the next <see cref="Write"/>.</summary>
    public void RemoveRange(ReadOnlySpan<byte> first, ReadOnlySpan<byte> end)
    {
        _changes?.GiveUp();
        RocksNative.DeleteRange(
            _batch,
            ref MemoryMarshal.GetReference(first),
            (nuint)first.Length,
            ref MemoryMarshal.GetReference(end),
            (nuint)end.Length);
    }

    /// <summary>Writes what has been gathered, all of it or nothing.</summary>
    /// <exception cref="DiskStateException">The disk is full, or fails.</exception>
    public void Write()
    {
        nint error = 0;
        RocksNative.Write(_database, _writeOptions, _batch, ref error);
        RocksNative.ClearBatch(_batch);
        RocksError.ThrowIf(error, Path);
        if (_memory.IsFull)
        {
            _space.Relieve(_memory);
        }
    }

    /// <summary>Bytes of the write buffer that is written to. From any thread that holds the database.</summary>
    public long OpenBuffer() => Property("rocksdb.cur-size-active-mem-table");

    /// <summary>Bytes of all write buffers that are not in a file yet. From any thread that holds the
    /// database.</summary>
    public long AllBuffers() => Property("rocksdb.cur-size-all-mem-tables");

    /// <summary>Brings the write buffers to the disk, if they hold anything to speak of. From any thread that holds
    /// the database. When it fails, the next write says so.</summary>
    /// <param name="waits">Whether to wait until they are there.</param>
    public void Flush(bool waits)
    {
        if (AllBuffers() < _memory.LeastFlush)
        {
            return;
        }

        nint options = RocksNative.CreateFlushOptions();
        RocksNative.SetWaits(options, waits ? (byte)1 : (byte)0);
        RocksNative.SetMayStall(options, 1);
        nint error = 0;
        RocksNative.Flush(_database, options, ref error);
        RocksNative.DestroyFlushOptions(options);
        if (error != 0)
        {
            RocksNative.Free(error);
        }
    }

    /// <summary>Bytes of its files, about.</summary>
    public long FileBytes() => Property("rocksdb.total-sst-files-size");

    /// <summary>Keeps it open until <see cref="Release"/>.</summary>
    /// <returns>False when it is about to be closed.</returns>
    public bool TryHold()
    {
        for (int holders = Volatile.Read(ref _holders); holders > 0; holders = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes through rows as they are now.</summary>
    /// <param name="prefix">With which they begin.</param>
    /// <param name="first">Where to begin.</param>
    /// <param name="mostSkipped">Most removed rows to pass over on the way to the next one; 0 for all.</param>
    public RocksScan Scan(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> first, ulong mostSkipped = 0) =>
        new(_database, Path, prefix, first, mostSkipped: mostSkipped);

    /// <summary>What is written so far, to be read on any thread until it is disposed, whatever comes
    /// after.</summary>
    public DiskSnapshot TakeSnapshot()
    {
        Interlocked.Increment(ref _holders);
        return new DiskSnapshot(this, RocksNative.CreateSnapshot(_database));
    }

    /// <summary>The loop, or a snapshot, needs it no longer.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
        {
            return;
        }

        RocksNative.DestroyBatch(_batch);
        RocksNative.DestroyReadOptions(_readOptions);
        RocksNative.DestroyWriteOptions(_writeOptions);
        RocksNative.DestroyFamily(_family);
        RocksNative.Close(_database);
        _space.Closed(this);
    }

    private long Property(string name) =>
        RocksNative.GetProperty(_database, name, out ulong value) == 0 ? (long)value : 0;

    /// <summary>A row that was asked for.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="exists">Whether there is one.</param>
    /// <param name="value">What it holds; valid during the call.</param>
    internal delegate void TakeRow(int index, bool exists, ReadOnlySpan<byte> value);

    /// <summary>What was written at a time. Thread-safe: a scan that is under way when it is disposed comes to its
    /// end.</summary>
    internal sealed class DiskSnapshot(DiskDatabase database, nint snapshot) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly nint _options = OptionsOf(snapshot);
        private nint _snapshot = snapshot;

        /// <summary>Looks a row up.</summary>
        /// <param name="row">Its key.</param>
        /// <returns>The caller's, who disposes it soon; null when there is no such row.</returns>
        /// <exception cref="DiskStateException">The disk fails.</exception>
        public SnapshotRow? Find(ReadOnlySpan<byte> row)
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_snapshot == 0, this);
                database._space.LooksIntoSnapshot();
                nint error = 0;
                nint pinned = RocksNative.Get(
                    database._database, _options, ref MemoryMarshal.GetReference(row), (nuint)row.Length, ref error);
                RocksError.ThrowIf(error, database.Path);
                if (pinned == 0)
                {
                    return null;
                }

                Interlocked.Increment(ref database._holders);
                return new SnapshotRow(database, pinned);
            }
        }

        /// <summary>Goes through rows.</summary>
        /// <param name="prefix">With which they begin.</param>
        /// <param name="first">Where to begin.</param>
        /// <exception cref="DiskStateException">The disk fails.</exception>
        public RocksScan Scan(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> first)
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_snapshot == 0, this);
                Interlocked.Increment(ref database._holders);
                database._space.LooksIntoSnapshot();
                return new RocksScan(
                    database._database, database.Path, prefix, first, _snapshot, ended: database.Release);
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                if (_snapshot == 0)
                {
                    return;
                }

                RocksNative.ReleaseSnapshot(database._database, _snapshot);
                RocksNative.DestroyReadOptions(_options);
                _snapshot = 0;
            }

            database.Release();
        }

        // Who reads much of it once must not drive out what is used.
        private static nint OptionsOf(nint snapshot)
        {
            nint options = RocksNative.CreateReadOptions();
            RocksNative.SetFillsCache(options, 0);
            RocksNative.SetSnapshot(options, snapshot);
            return options;
        }
    }

    /// <summary>A row that was looked up. Used by one thread at a time.</summary>
    /// <remarks>It holds on to what it holds, and to no file: it may stay while that goes on its way.</remarks>
    internal sealed class SnapshotRow(DiskDatabase database, nint pinned) : IDisposable
    {
        /// <summary>What it holds, until disposal.</summary>
        public ReadOnlySpan<byte> Value =>
            RocksSlice.At(RocksNative.GetPinned(pinned, out nuint length), length);

        /// <inheritdoc/>
        public void Dispose()
        {
            RocksNative.DestroyPinned(pinned);
            database.Release();
        }
    }
}
