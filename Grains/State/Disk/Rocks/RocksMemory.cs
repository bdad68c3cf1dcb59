using System.Globalization;

namespace Millrace.State.Disk.Rocks;

/// <summary>What all databases of a silo share: the cache, the room for write buffers and on the disk, and
/// threads.</summary>
/// <remarks>Whoever opens databases with <see cref="CreateOptions"/> closes them before this is disposed.</remarks>
internal sealed class RocksMemory : IDisposable
{
    private const double FilterBitsPerKey = 10;
    private const int BlockBytes = 4 << 10;
    private const int PartitionedIndex = 2;
    private const int BinaryAndHash = 1;
    private const int OpenFiles = 1_000;

    // Of what write buffers may take: when those that are still written to have so much, the largest one goes; when all
    // of them have, whoever writes waits.
    private const double MostOpen = 0.875;
    private const double MostOfAll = 1.25;

    // The library's own limit is never met: it would flush whoever writes, however little that has.
    private const int LibraryLimit = 2;

    // Fewer bytes would make a file each time.
    private const int LeastFlushShare = 8;

    private readonly DiskMemoryPlan _plan;
    private readonly int _threads;
    private readonly nint _cache;
    private readonly nint _writeBuffers;
    private readonly nint _environment;
    private readonly nint _files;
    private readonly nint _tables;

    public RocksMemory(DiskMemoryPlan plan, long mostBytes, int threads)
    {
        _plan = plan;
        _threads = threads;
        _cache = RocksNative.CreateCache((nuint)plan.Cache(taken: 0));
        _writeBuffers = RocksNative.CreateWriteBuffers(
            (nuint)(plan.WriteBuffers * LibraryLimit), _cache, stalls: 0);
        _environment = RocksNative.GetEnvironment();
        RocksNative.SetThreads(_environment, threads);
        _files = RocksNative.CreateFiles(_environment);
        RocksNative.SetMostBytes(_files, (ulong)mostBytes);
        _tables = CreateTables(_cache);
    }

    /// <summary>Bytes of blocks and write buffers in memory.</summary>
    public long UsedBytes => (long)RocksNative.GetUsage(_cache);

    /// <summary>Whether it is time for a write buffer to go to the disk. From any thread.</summary>
    public bool IsFull => RocksNative.GetOpenBufferBytes(_writeBuffers) > (nuint)(_plan.WriteBuffers * MostOpen)
        || IsOverfull;

    /// <summary>Whether write buffers take more than they may. From any thread.</summary>
    public bool IsOverfull => WriteBufferBytes > _plan.WriteBuffers * MostOfAll;

    /// <summary>Bytes of write buffers in memory.</summary>
    public long WriteBufferBytes => (long)RocksNative.GetWriteBufferBytes(_writeBuffers);

    /// <summary>Bytes of one database's write buffers that are worth being brought to the disk.</summary>
    public long LeastFlush => _plan.WriteBuffer / LeastFlushShare;

    /// <summary>Bytes of all databases on the disk.</summary>
    public long FileBytes => (long)RocksNative.GetTotalBytes(_files);

    /// <summary>Changes what the cache may take.</summary>
    public void Resize(long bytes) => RocksNative.SetCapacity(_cache, (nuint)bytes);

    /// <summary>Options for one database; the caller destroys them once it is open.</summary>
    public nint CreateOptions(string path)
    {
        nint plain = RocksNative.CreateOptions();
        nint options = RocksNative.CreateOptions();
        nint error = 0;
        RocksNative.ParseOptions(plain, Text(), options, ref error);
        RocksNative.DestroyOptions(plain);
        RocksError.ThrowIf(error, path);
        RocksNative.SetEnvironment(options, _environment);
        RocksNative.SetWriteBuffers(options, _writeBuffers);
        RocksNative.SetFiles(options, _files);
        RocksNative.SetTables(options, _tables);
        return options;
    }

    public void Dispose()
    {
        RocksNative.DestroyTables(_tables);
        RocksNative.DestroyFiles(_files);
        RocksNative.DestroyWriteBuffers(_writeBuffers);
        RocksNative.DestroyCache(_cache);
        RocksNative.DestroyEnvironment(_environment);
    }

    // Index and filters lie in the cache, in parts, so that they count and only those in use stay. The table owns the
    // filter.
    private static nint CreateTables(nint cache)
    {
        nint tables = RocksNative.CreateTables();
        RocksNative.SetBlockCache(tables, cache);
        RocksNative.SetBlockSize(tables, BlockBytes);
        RocksNative.SetCachesIndex(tables, 1);
        RocksNative.SetIndexType(tables, PartitionedIndex);
        RocksNative.SetPartitionsFilters(tables, 1);
        RocksNative.SetBlockIndexType(tables, BinaryAndHash);
        RocksNative.SetFilter(tables, RocksNative.CreateBloomFilter(FilterBitsPerKey));
        return tables;
    }

    // Lists are appended to without being read: what is merged is put behind what there is. A filter in front of the
    // write buffer spares the search for rows that are not in it, as most are. One loop writes.
    private string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"create_if_missing=true;error_if_exists=true;write_buffer_size={_plan.WriteBuffer};" +
        $"max_write_buffer_number=3;arena_block_size={Math.Clamp(_plan.WriteBuffer / 64, 16L << 10, 1L << 20)};" +
        $"target_file_size_base={_plan.File};max_bytes_for_level_base={_plan.Level};max_open_files={OpenFiles};" +
        $"compaction_readahead_size={_plan.ReadAhead};writable_file_max_buffer_size={_plan.ReadAhead};" +
        $"max_background_jobs={_threads + 1};compression=kLZ4Compression;info_log_level=ERROR_LEVEL;" +
        $"keep_log_file_num=1;stats_dump_period_sec=0;stats_persist_period_sec=0;avoid_flush_during_shutdown=true;" +
        $"allow_concurrent_memtable_write=false;memtable_prefix_bloom_size_ratio=0.02;" +
        $"memtable_whole_key_filtering=true;merge_operator={{id=stringappend;delimiter=}}");
}
