using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Jobs;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;
using Millrace.Storage;
using Millrace.Storage.Blobs;

namespace Millrace.Tasks.Checkpointing;

/// <summary>What a restore fetches from Azure Blob Storage, and what it holds meanwhile, with blocks as large as they
/// are by default.</summary>
[TestClass]
public sealed class RestoreReadsTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";
    private const int KeyGroups = 128;
    private const int ValueBytes = 1_000;

    private static readonly JobId Job = new(new Id128(3, 9));

    private readonly SystemExecution _execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);
    private readonly CountingBlobTransport _way = new();
    private readonly SerializerSet _serializers = new();
    private readonly List<IDisposable> _held = [];
    private CheckpointStorage? _storage;

    public void Dispose()
    {
        _held.ForEach(static one => one.Dispose());
        _execution.Dispose();
        _way.Dispose();
    }

    [TestInitialize]
    public async Task OpenAsync()
    {
        AzureStorageOptions options = new() { ConnectionString = await SharedAzurite.ConnectionAsync() };
        _storage = new CheckpointStorage(
            $"azblob://{SharedAzurite.NewContainer()}/jobs",
            new FileSystems(
                new DirectoryFileSystem(_execution, new FileReplacement()),
                await SharedAzurite.BlobsAsync(options, _way)));
    }

    // Many small files that few subtasks read whole, and few large ones of which many read a part each, side by side.
    [TestMethod]
    [DataRow(64, 8, 500)]
    [DataRow(4, 32, 9_000)]
    public async Task Each_byte_is_fetched_about_once_and_open_files_hold_next_to_nothing(
        int formerSubtasks, int newSubtasks, int keysOfFormer)
    {
        StateHandle[] handles = await WriteAsync(formerSubtasks, keysOfFormer);
        long written = handles.Sum(static handle => handle.Length);
        _way.Reset();

        long before = GC.GetTotalMemory(forceFullCollection: true);
        KeyedSnapshot[] former = await Task.WhenAll(handles.Select(ReadAsync));
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        long opening = _way.BytesFetched;
        int[] keys = await Task.WhenAll(Enumerable.Range(0, newSubtasks).Select(i => Task.Run(() =>
        {
            using HeapStateBackend<long> backend = NewBackend(newSubtasks, i);
            backend.Restore(former);
            return backend.CreateTable<byte[]>("state").Count;
        })));

        Console.WriteLine(
            $"{written} bytes written, {opening} fetched to open, {_way.BytesFetched} in all by {_way.Gets} requests, "
            + $"{held} held by open files, {_way.MostBytesAtOnce} under way at most");
        Assert.AreEqual(formerSubtasks * keysOfFormer, keys.Sum());
        Assert.IsLessThan(written / 10, opening, "bytes fetched before anything is asked for");
        Assert.IsLessThan(written * 12 / 10, _way.BytesFetched, "bytes fetched");
        Assert.IsLessThan(4L << 20, held, "bytes that open files hold");
    }

    private async Task<StateHandle[]> WriteAsync(int subtasks, int keys)
    {
        StateHandle[] handles = new StateHandle[subtasks];
        SubtaskStateWriter writer = new(_storage!, inlineBytes: 0);
        long key = 0;
        for (int i = 0; i < subtasks; i++)
        {
            using HeapStateBackend<long> backend = NewBackend(subtasks, i);
            KeyGroupRange range = backend.Settings.Range;
            KeyedTable<long, byte[]> table = backend.CreateTable<byte[]>("state");
            while (table.Count < keys)
            {
                ulong hash = backend.Hasher.Hash(in key);
                if (range.Contains(KeyGroupAssignment.KeyGroupOf(hash, KeyGroups)))
                {
                    table.GetOrAdd(in key, hash, out _) = new byte[ValueBytes];
                }

                key++;
            }

            using FrozenOperator kept = new() { Keyed = backend.Freeze(new SnapshotOrder(1, 0, TracksChanges: false)) };
            handles[i] = await writer.WriteAsync(
                Job, $"chk-1-1/{i}.state", new FrozenSubtask([(Id, kept)]), new SubtaskTable(), CancellationToken.None);
        }

        return handles;
    }

    private async Task<KeyedSnapshot> ReadAsync(StateHandle handle)
    {
        (SubtaskSnapshot snapshot, _) = await StoredSubtask.ReadAsync(
            handle,
            Job,
            _storage!,
            static (_, _) => true,
            source =>
            {
                StoredBytes bytes = new(source, new ReadThreads(_execution), room: null);
                lock (_held)
                {
                    _held.Add(bytes.Hold());
                }

                return bytes;
            },
            CancellationToken.None);
        return snapshot.Operators[Id].Keyed;
    }

    private HeapStateBackend<long> NewBackend(int parallelism, int subtask) => new(new KeyedStateSettings(
        "Op",
        _serializers,
        KeyGroups,
        KeyGroupAssignment.RangeOf(KeyGroups, parallelism, subtask),
        TimeProvider.System));
}
