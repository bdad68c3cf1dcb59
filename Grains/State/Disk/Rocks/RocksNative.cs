using System.Runtime.InteropServices;

namespace Millrace.State.Disk.Rocks;

/// <summary>The functions of RocksDB that are used, as its C interface declares them.</summary>
/// <remarks>
/// Called without anything between: a call takes spans as references and their lengths, and allocates nothing. Truth
/// values are one byte. What takes an <c>error</c> wants it to be zero and leaves a text there when it fails, which is
/// freed by <see cref="Free"/>.
/// </remarks>
internal static class RocksNative
{
    private const string Library = "rocksdb";

    // The package has a build for Linux with musl beside the one for glibc.
    private const string MuslLibrary = "rocksdb-musl";

    // Before the first call: the library is found then, or a DllNotFoundException says that there is none.
    static RocksNative() => NativeLibrary.SetDllImportResolver(
        typeof(RocksNative).Assembly,
        static (name, assembly, path) => name switch
        {
            Library when NativeLibrary.TryLoad(Library, assembly, path, out nint usual) => usual,
            Library => NativeLibrary.Load(MuslLibrary, assembly, path),
            _ => nint.Zero,
        });

    [DllImport(Library, EntryPoint = "rocksdb_free")]
    public static extern void Free(nint text);

    [DllImport(Library, EntryPoint = "rocksdb_options_create")]
    public static extern nint CreateOptions();

    [DllImport(Library, EntryPoint = "rocksdb_options_destroy")]
    public static extern void DestroyOptions(nint options);

    [DllImport(Library, EntryPoint = "rocksdb_get_options_from_string")]
    public static extern void ParseOptions(
        nint before, [MarshalAs(UnmanagedType.LPUTF8Str)] string text, nint after, ref nint error);

    [DllImport(Library, EntryPoint = "rocksdb_options_set_env")]
    public static extern void SetEnvironment(nint options, nint environment);

    [DllImport(Library, EntryPoint = "rocksdb_options_set_write_buffer_manager")]
    public static extern void SetWriteBuffers(nint options, nint writeBuffers);

    [DllImport(Library, EntryPoint = "rocksdb_options_set_sst_file_manager")]
    public static extern void SetFiles(nint options, nint files);

    [DllImport(Library, EntryPoint = "rocksdb_options_set_block_based_table_factory")]
    public static extern void SetTables(nint options, nint tables);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_create")]
    public static extern nint CreateTables();

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_destroy")]
    public static extern void DestroyTables(nint tables);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_set_block_cache")]
    public static extern void SetBlockCache(nint tables, nint cache);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_set_block_size")]
    public static extern void SetBlockSize(nint tables, nuint bytes);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_set_cache_index_and_filter_blocks")]
    public static extern void SetCachesIndex(nint tables, byte value);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_set_filter_policy")]
    public static extern void SetFilter(nint tables, nint filter);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_set_index_type")]
    public static extern void SetIndexType(nint tables, int type);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_set_partition_filters")]
    public static extern void SetPartitionsFilters(nint tables, byte value);

    [DllImport(Library, EntryPoint = "rocksdb_block_based_options_set_data_block_index_type")]
    public static extern void SetBlockIndexType(nint tables, int type);

    [DllImport(Library, EntryPoint = "rocksdb_filterpolicy_create_bloom_full")]
    public static extern nint CreateBloomFilter(double bitsPerKey);

    [DllImport(Library, EntryPoint = "rocksdb_cache_create_lru")]
    public static extern nint CreateCache(nuint bytes);

    [DllImport(Library, EntryPoint = "rocksdb_cache_set_capacity")]
    public static extern void SetCapacity(nint cache, nuint bytes);

    [DllImport(Library, EntryPoint = "rocksdb_cache_get_usage")]
    public static extern nuint GetUsage(nint cache);

    [DllImport(Library, EntryPoint = "rocksdb_cache_destroy")]
    public static extern void DestroyCache(nint cache);

    [DllImport(Library, EntryPoint = "rocksdb_write_buffer_manager_create_with_cache")]
    public static extern nint CreateWriteBuffers(nuint bytes, nint cache, byte stalls);

    [DllImport(Library, EntryPoint = "rocksdb_write_buffer_manager_memory_usage")]
    public static extern nuint GetWriteBufferBytes(nint writeBuffers);

    [DllImport(Library, EntryPoint = "rocksdb_write_buffer_manager_mutable_memtable_memory_usage")]
    public static extern nuint GetOpenBufferBytes(nint writeBuffers);

    [DllImport(Library, EntryPoint = "rocksdb_write_buffer_manager_destroy")]
    public static extern void DestroyWriteBuffers(nint writeBuffers);

    [DllImport(Library, EntryPoint = "rocksdb_create_default_env")]
    public static extern nint GetEnvironment();

    [DllImport(Library, EntryPoint = "rocksdb_env_set_background_threads")]
    public static extern void SetThreads(nint environment, int threads);

    [DllImport(Library, EntryPoint = "rocksdb_env_destroy")]
    public static extern void DestroyEnvironment(nint environment);

    [DllImport(Library, EntryPoint = "rocksdb_sst_file_manager_create")]
    public static extern nint CreateFiles(nint environment);

    [DllImport(Library, EntryPoint = "rocksdb_sst_file_manager_set_max_allowed_space_usage")]
    public static extern void SetMostBytes(nint files, ulong bytes);

    [DllImport(Library, EntryPoint = "rocksdb_sst_file_manager_get_total_size")]
    public static extern ulong GetTotalBytes(nint files);

    [DllImport(Library, EntryPoint = "rocksdb_sst_file_manager_destroy")]
    public static extern void DestroyFiles(nint files);

    [DllImport(Library, EntryPoint = "rocksdb_open")]
    public static extern nint Open(
        nint options, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, ref nint error);

    [DllImport(Library, EntryPoint = "rocksdb_close")]
    public static extern void Close(nint database);

    [DllImport(Library, EntryPoint = "rocksdb_property_int")]
    public static extern int GetProperty(
        nint database, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, out ulong value);

    [DllImport(Library, EntryPoint = "rocksdb_flushoptions_create")]
    public static extern nint CreateFlushOptions();

    [DllImport(Library, EntryPoint = "rocksdb_flushoptions_set_wait")]
    public static extern void SetWaits(nint flushOptions, byte value);

    [DllImport(Library, EntryPoint = "rocksdb_flushoptions_set_allow_write_stall")]
    public static extern void SetMayStall(nint flushOptions, byte value);

    [DllImport(Library, EntryPoint = "rocksdb_flushoptions_destroy")]
    public static extern void DestroyFlushOptions(nint flushOptions);

    [DllImport(Library, EntryPoint = "rocksdb_flush")]
    public static extern void Flush(nint database, nint flushOptions, ref nint error);

    [DllImport(Library, EntryPoint = "rocksdb_get_default_column_family_handle")]
    public static extern nint GetFamily(nint database);

    [DllImport(Library, EntryPoint = "rocksdb_column_family_handle_destroy")]
    public static extern void DestroyFamily(nint family);

    [DllImport(Library, EntryPoint = "rocksdb_writeoptions_create")]
    public static extern nint CreateWriteOptions();

    [DllImport(Library, EntryPoint = "rocksdb_writeoptions_disable_WAL")]
    public static extern void DisableLog(nint writeOptions, int value);

    [DllImport(Library, EntryPoint = "rocksdb_writeoptions_destroy")]
    public static extern void DestroyWriteOptions(nint writeOptions);

    [DllImport(Library, EntryPoint = "rocksdb_readoptions_create")]
    public static extern nint CreateReadOptions();

    [DllImport(Library, EntryPoint = "rocksdb_readoptions_set_snapshot")]
    public static extern void SetSnapshot(nint readOptions, nint snapshot);

    [DllImport(Library, EntryPoint = "rocksdb_readoptions_set_fill_cache")]
    public static extern void SetFillsCache(nint readOptions, byte value);

    [DllImport(Library, EntryPoint = "rocksdb_readoptions_set_max_skippable_internal_keys")]
    public static extern void SetMostSkipped(nint readOptions, ulong rows);

    [DllImport(Library, EntryPoint = "rocksdb_readoptions_set_iterate_upper_bound")]
    public static extern void SetUpperBound(nint readOptions, nint key, nuint length);

    [DllImport(Library, EntryPoint = "rocksdb_readoptions_destroy")]
    public static extern void DestroyReadOptions(nint readOptions);

    [DllImport(Library, EntryPoint = "rocksdb_get_pinned_v2")]
    public static extern nint Get(
        nint database, nint readOptions, ref byte key, nuint keyLength, ref nint error);

    [DllImport(Library, EntryPoint = "rocksdb_pinnable_handle_get_value")]
    public static extern nint GetPinned(nint pinned, out nuint length);

    [DllImport(Library, EntryPoint = "rocksdb_pinnable_handle_destroy")]
    public static extern void DestroyPinned(nint pinned);

    [DllImport(Library, EntryPoint = "rocksdb_batched_multi_get_pinned_cf")]
    public static extern nint GetMany(
        nint database, nint readOptions, nint family, nuint count, ref RocksSlice keys, byte sorted);

    [DllImport(Library, EntryPoint = "rocksdb_pinnable_multi_get_result")]
    public static extern int GetResult(
        nint many, nuint index, out nint value, out nuint length, out nint error, out nuint errorLength);

    [DllImport(Library, EntryPoint = "rocksdb_pinnable_multi_get_destroy")]
    public static extern void DestroyMany(nint many);

    [DllImport(Library, EntryPoint = "rocksdb_writebatch_create")]
    public static extern nint CreateBatch();

    [DllImport(Library, EntryPoint = "rocksdb_writebatch_clear")]
    public static extern void ClearBatch(nint batch);

    [DllImport(Library, EntryPoint = "rocksdb_writebatch_put")]
    public static extern void Put(nint batch, ref byte key, nuint keyLength, ref byte value, nuint valueLength);

    [DllImport(Library, EntryPoint = "rocksdb_writebatch_merge")]
    public static extern void Merge(nint batch, ref byte key, nuint keyLength, ref byte value, nuint valueLength);

    [DllImport(Library, EntryPoint = "rocksdb_writebatch_delete")]
    public static extern void Delete(nint batch, ref byte key, nuint keyLength);

    [DllImport(Library, EntryPoint = "rocksdb_writebatch_delete_range")]
    public static extern void DeleteRange(nint batch, ref byte first, nuint firstLength, ref byte end, nuint endLength);

    [DllImport(Library, EntryPoint = "rocksdb_writebatch_destroy")]
    public static extern void DestroyBatch(nint batch);

    [DllImport(Library, EntryPoint = "rocksdb_write")]
    public static extern void Write(nint database, nint writeOptions, nint batch, ref nint error);

    [DllImport(Library, EntryPoint = "rocksdb_create_snapshot")]
    public static extern nint CreateSnapshot(nint database);

    [DllImport(Library, EntryPoint = "rocksdb_release_snapshot")]
    public static extern void ReleaseSnapshot(nint database, nint snapshot);

    [DllImport(Library, EntryPoint = "rocksdb_create_iterator")]
    public static extern nint CreateIterator(nint database, nint readOptions);

    [DllImport(Library, EntryPoint = "rocksdb_iter_seek")]
    public static extern void Seek(nint iterator, ref byte key, nuint keyLength);

    [DllImport(Library, EntryPoint = "rocksdb_iter_valid")]
    public static extern byte IsValid(nint iterator);

    [DllImport(Library, EntryPoint = "rocksdb_iter_next")]
    public static extern void MoveNext(nint iterator);

    [DllImport(Library, EntryPoint = "rocksdb_iter_key")]
    public static extern nint GetKey(nint iterator, out nuint length);

    [DllImport(Library, EntryPoint = "rocksdb_iter_value")]
    public static extern nint GetValue(nint iterator, out nuint length);

    [DllImport(Library, EntryPoint = "rocksdb_iter_get_error")]
    public static extern void GetError(nint iterator, ref nint error);

    [DllImport(Library, EntryPoint = "rocksdb_iter_destroy")]
    public static extern void DestroyIterator(nint iterator);
}
