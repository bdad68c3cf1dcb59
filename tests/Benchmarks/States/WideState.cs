using System.Runtime.CompilerServices;
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
using Millrace.Tasks.Checkpointing;

namespace Millrace.States;

/// <summary>Keyed state of some 100 bytes for each key, its checkpoints in a directory, and threads to write
/// them.</summary>
internal sealed class WideState : IDisposable
{
    private const int KeyGroups = 128;
    private const int BatchKeys = 1_024;
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly JobId Job = new(new Id128(1, 1));

    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-bench").FullName;
    private readonly SystemExecution _execution =
        new(new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);

    private readonly long[] _keys = new long[BatchKeys];
    private readonly ulong[] _hashes = new ulong[BatchKeys];
    private readonly uint[] _guesses = new uint[BatchKeys];
    private readonly CheckpointStorage _storage;
    private HeapStateBackend<long> _backend;
    private long _checkpoint;

    public WideState()
    {
        _storage = new CheckpointStorage(
            _folder,
            new FileSystems(
                new DirectoryFileSystem(_execution, new FileReplacement()),
                new AzureBlobFileSystem(new AzureStorageOptions(), _execution)));
        _backend = NewBackend();
        Table = _backend.CreateTable<Value>("wide");
    }

    /// <summary>The state.</summary>
    public KeyedTable<long, Value> Table { get; private set; }

    /// <summary>Adds to the values of keys, as a fold over a batch of records does.</summary>
    /// <param name="keyOf">The key of each record of the batch.</param>
    /// <returns>Number of records.</returns>
    public int Step(Func<int, long> keyOf)
    {
        for (int i = 0; i < BatchKeys; i++)
        {
            _keys[i] = keyOf(i);
        }

        _backend.Hasher.HashBatch(_keys, _hashes);
        Table.ProbeToChange(_hashes, _guesses);
        for (int i = 0; i < BatchKeys; i++)
        {
            ref Value value = ref Table.Guessed(in _keys[i], _guesses[i]);
            if (Unsafe.IsNullRef(ref value))
            {
                value = ref Table.GetOrAdd(in _keys[i], _hashes[i], out _);
            }

            value.Total += 1;
        }

        return BatchKeys;
    }

    /// <summary>Adds keys from 0 on.</summary>
    /// <returns>The longest step without collections, in milliseconds.</returns>
    public double Fill(int keys)
    {
        double longest = 0;
        for (int first = 0; first < keys; first += BatchKeys)
        {
            int start = first;
            longest = Math.Max(longest, MillisecondsOf(() => Step(i => Math.Min(start + i, keys - 1))));
        }

        return longest;
    }

    /// <summary>Freezes the state for the next checkpoint.</summary>
    /// <param name="buildsOn">A completed one, or 0.</param>
    public FrozenOperator Freeze(long buildsOn = 0) => new()
    {
        Keyed = _backend.Freeze(new SnapshotOrder(++_checkpoint, buildsOn, TracksChanges: true)),
    };

    /// <summary>Number of the last checkpoint that is complete, or 0.</summary>
    public long LastComplete { get; private set; }

    /// <summary>The last checkpoint is complete.</summary>
    public long Complete()
    {
        _backend.Completed(_checkpoint);
        LastComplete = _checkpoint;
        return _checkpoint;
    }

    /// <summary>Writes what is frozen to a file, beside the caller.</summary>
    public Task<StateHandle> WriteAsync(FrozenOperator frozen) => Beside(async () =>
    {
        using (frozen)
        {
            return await new SubtaskStateWriter(_storage, inlineBytes: 0).WriteAsync(
                Job,
                $"chk-{_checkpoint}/state",
                new FrozenSubtask([(Id, frozen)]),
                new SubtaskTable(),
                CancellationToken.None);
        }
    });

    /// <summary>Writes as many bytes to a file, beside the caller.</summary>
    public Task<bool> WriteBytesAsync(long length) => Beside(async () =>
    {
        byte[] chunk = new byte[1 << 20];
        await _storage.WriteAsync(
            Job,
            "plain",
            async (stream, token) =>
            {
                for (long left = length; left > 0; left -= chunk.Length)
                {
                    await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), token);
                }
            },
            CancellationToken.None);
        return true;
    });

    /// <summary>Reads a state anew from what was written.</summary>
    public void Restore(StateHandle handle)
    {
        List<IDisposable> held = [];
        (SubtaskSnapshot snapshot, _) = StoredSubtask.ReadAsync(
            handle,
            Job,
            _storage,
            (_, _) => true,
            source =>
            {
                StoredBytes bytes = new(source, new ReadThreads(_execution), room: null);
                held.Add(bytes.Hold());
                return bytes;
            },
            CancellationToken.None).GetAwaiter().GetResult();
        HeapStateBackend<long> backend = NewBackend();
        backend.Restore([snapshot.Operators[Id].Keyed]);
        held.ForEach(static hold => hold.Dispose());
        Table = backend.CreateTable<Value>("wide");
    }

    /// <summary>Lets go of the state.</summary>
    public void Forget()
    {
        _backend = NewBackend();
        Table = _backend.CreateTable<Value>("wide");
    }

    /// <summary>Where a file of a checkpoint is.</summary>
    public string PathOf(StateHandle handle) => _storage.Describe(Job, handle.File!);

    /// <summary>How long something took, without the collections meanwhile.</summary>
    public static double MillisecondsOf(Action action)
    {
        TimeSpan collections = GC.GetTotalPauseDuration();
        long started = TimeProvider.System.GetTimestamp();
        action();
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);
        return (elapsed - (GC.GetTotalPauseDuration() - collections)).TotalMilliseconds;
    }

    public void Dispose()
    {
        _backend.Dispose();
        _execution.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static HeapStateBackend<long> NewBackend() => new(new KeyedStateSettings(
        "wide", new SerializerSet(), KeyGroups, new KeyGroupRange(0, KeyGroups), TimeProvider.System));

    private Task<T> Beside<T>(Func<Task<T>> work)
    {
        TaskCompletionSource<T> done = new();
        _ = _execution.RunAsync(async () =>
        {
            try
            {
                done.SetResult(await work());
            }
#pragma warning disable CA1031 // Whoever waits for it sees it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    /// <summary>Of 88 bytes.</summary>
    internal struct Value
    {
        public long Total;
        public Rest Others;
    }

    /// <summary>Ten numbers.</summary>
    internal struct Rest
    {
        public long A;
        public long B;
        public long C;
        public long D;
        public long E;
        public long F;
        public long G;
        public long H;
        public long I;
        public long J;
    }
}
