using System.Runtime.InteropServices;
using Millrace.State.Disk;
using Millrace.State.Disk.Rocks;

namespace Millrace.States;

/// <summary>RocksDB as it comes, with the same settings and the same memory as state on the disk has.</summary>
internal sealed class BareDatabase
{
    private readonly nint _database;
    private readonly nint _readOptions = RocksNative.CreateReadOptions();
    private readonly nint _writeOptions = RocksNative.CreateWriteOptions();

    public BareDatabase(string path, long budget)
    {
        var memory = new RocksMemory(new DiskMemoryPlan(budget), 1L << 40, threads: 2);
        nint options = memory.CreateOptions(path);
        nint error = 0;
        _database = RocksNative.Open(options, path, ref error);
        RocksError.ThrowIf(error, path);
        RocksNative.DisableLog(_writeOptions, 1);
    }

    public bool Get(ReadOnlySpan<byte> row, Span<byte> value)
    {
        nint error = 0;
        nint pinned = RocksNative.Get(
            _database, _readOptions, ref MemoryMarshal.GetReference(row), (nuint)row.Length, ref error);
        RocksError.ThrowIf(error, "bare");
        if (pinned == 0)
        {
            return false;
        }

        RocksSlice.At(RocksNative.GetPinned(pinned, out nuint length), length).CopyTo(value);
        RocksNative.DestroyPinned(pinned);
        return true;
    }

    public void Put(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value)
    {
        nint error = 0;
        Put(
            _database,
            _writeOptions,
            ref MemoryMarshal.GetReference(row),
            (nuint)row.Length,
            ref MemoryMarshal.GetReference(value),
            (nuint)value.Length,
            ref error);
        RocksError.ThrowIf(error, "bare");
    }

    public void Flush()
    {
        nint options = RocksNative.CreateFlushOptions();
        nint error = 0;
        RocksNative.Flush(_database, options, ref error);
        RocksNative.DestroyFlushOptions(options);
        RocksError.ThrowIf(error, "bare");
    }

    [DllImport("rocksdb", EntryPoint = "rocksdb_put")]
    private static extern void Put(
        nint database,
        nint writeOptions,
        ref byte key,
        nuint keyLength,
        ref byte value,
        nuint valueLength,
        ref nint error);
}
