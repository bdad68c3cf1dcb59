using Millrace.Checkpointing;
using Millrace.Contracts;
using Millrace.Execution.Files;
using Millrace.Serialization;
using Millrace.Simulation;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;
using Millrace.Tasks.Checkpointing;

namespace Millrace.State.Disk;

/// <summary>What is frozen of state on the disk, and what is restored to it, a part at a time.</summary>
[TestClass]
public sealed class DiskSnapshotTests
{
    private const int KeyGroups = 16;
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly SerializerSet Serializers = new();
    private static readonly KeyGroupRange All = new(0, KeyGroups);

    [TestMethod]
    public void What_is_frozen_is_written_as_it_was_after_its_backend_is_gone()
    {
        using var disk = new DiskSpace();
        var backend = new DiskStateBackend<string>(Settings(All), disk.Space);
        IValueState<string> value = Fill(backend, keys: 2_000, bytes: 100);
        byte[] expected = backend.Snapshot();
        using var late = new LateWrite(backend.Freeze(SnapshotOrder.Everything));
        SetKey(backend, "key 7");
        value.Update("of later");
        SetKey(backend, "key 8");
        value.Clear();
        backend.Dispose();

        Assert.AreEqual(1, disk.Space.OpenDatabases);
        CollectionAssert.AreEqual(expected, late.Finish());
        late.Dispose();
        Assert.AreEqual(0, disk.Space.OpenDatabases);
        Assert.IsEmpty(disk.Databases);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    public void What_is_given_up_before_it_is_written_lets_its_database_go(int parts)
    {
        using var disk = new DiskSpace();
        var backend = new DiskStateBackend<string>(Settings(All), disk.Space);
        Fill(backend, keys: 2_000, bytes: 10_000);
        var late = new LateWrite(backend.Freeze(SnapshotOrder.Everything));
        backend.Dispose();
        for (int part = 0; part < parts; part++)
        {
            Assert.IsTrue(late.Go());
        }

        Assert.IsNotEmpty(disk.Databases);
        late.Dispose();
        Assert.AreEqual(0, disk.Space.OpenDatabases);
        Assert.IsEmpty(disk.Databases);
    }

    [TestMethod]
    public void However_much_there_is_a_part_has_some_megabytes()
    {
        using var disk = new DiskSpace(most: 4L << 30);
        using var backend = new DiskStateBackend<string>(Settings(All), disk.Space);
        Fill(backend, keys: 6_000, bytes: 10_000);
        using FrozenState frozen = backend.Freeze(SnapshotOrder.Everything);
        using SnapshotOutput output = new();
        int parts = 0;
        foreach (long position in frozen.Write(output))
        {
            Assert.AreEqual(output.Position, position);
            Assert.IsLessThanOrEqualTo(KeyedSnapshotWriter.BlockBytes + (64 << 10), output.Writer.Length);
            output.PassedOn();
            parts++;
        }

        Assert.IsGreaterThan(60_000_000, output.Position);
        Assert.IsGreaterThan(12, parts);
    }

    // The lower half of the key groups, of which only one of two states is asked for: the other one is written again
    // as it came, also when its checkpoint and its backend are gone.
    [TestMethod]
    public async Task Restored_state_that_nobody_asks_for_is_kept_when_its_checkpoint_goes()
    {
        using var disk = new DiskSpace();
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 10_000)))]);
        KeyGroupRange half = new(0, KeyGroups / 2);
        using MemoryFile file = new(written);
        (KeyedSnapshot snapshot, IDisposable hold) = await ReadAsync(disk, file, half);
        Assert.AreEqual(0, disk.Space.DiskBytes, "it is where its checkpoint is");
        Assert.IsTrue(snapshot.Read().Sections.All(
            section => section.Groups.All(group => half.Contains(group.KeyGroup))), "only what is wanted");

        var backend = new DiskStateBackend<string>(Settings(half), disk.Space);
        backend.Restore([snapshot]);
        hold.Dispose();
        IValueState<string> value = backend.Keyed.Get(new ValueStateDescriptor<string>("value"));
        string[] keys = [.. Enumerable.Range(0, 1_000).Select(i => $"key {i}").Where(key => Owns(backend, key))];
        foreach (string key in keys)
        {
            SetKey(backend, key);
            Assert.AreEqual(10_000, value.Value!.Length, key);
        }

        byte[] first = backend.Snapshot();
        Assert.HasCount(1, FilesOf(disk));
        Assert.IsTrue(file.IsDisposed, "all that anybody may still ask for is kept");

        // Its checkpoint has gone.
        Array.Clear(written);
        FrozenState frozen = backend.Freeze(SnapshotOrder.Everything);
        backend.Dispose();
        CollectionAssert.AreEqual(first, frozen.ToArray());
        Assert.AreEqual((0, 0L), (disk.Space.OpenDatabases, disk.Space.DiskBytes), "nothing stays");

        using var memory = new HeapStateBackend<string>(Settings(half));
        memory.Restore([first]);
        IValueState<string> other = memory.Keyed.Get(new ValueStateDescriptor<string>("other"));
        foreach (string key in keys)
        {
            SetKey(memory, key);
            Assert.AreEqual(10_000, other.Value!.Length, key);
        }
    }

    // Not while one state waits.
    [TestMethod]
    public async Task The_checkpoint_is_let_go_once_all_of_it_was_asked_for()
    {
        using var disk = new DiskSpace();
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 1_000)))]);
        using MemoryFile file = new(written);
        (KeyedSnapshot snapshot, IDisposable hold) = await ReadAsync(disk, file, All);
        using var backend = new DiskStateBackend<string>(Settings(All), disk.Space);
        backend.Restore([snapshot]);
        hold.Dispose();
        backend.Keyed.Get(new ValueStateDescriptor<string>("value"));
        Assert.IsFalse(file.IsDisposed);
        backend.Keyed.Get(new ValueStateDescriptor<string>("other"));
        Assert.IsTrue(file.IsDisposed);
        Assert.IsEmpty(FilesOf(disk));
    }

    // One of two subtasks has kept what it does not ask for; of the other nobody has read anything.
    [TestMethod]
    public async Task The_checkpoint_stays_while_another_subtask_may_ask_for_it()
    {
        using var disk = new DiskSpace();
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 1_000)))]);
        using MemoryFile file = new(written);
        (KeyedSnapshot snapshot, IDisposable hold) = await ReadAsync(disk, file, All);
        using var first = new DiskStateBackend<string>(Settings(new KeyGroupRange(0, KeyGroups / 2)), disk.Space);
        using var second = new DiskStateBackend<string>(
            Settings(new KeyGroupRange(KeyGroups / 2, KeyGroups)), disk.Space);
        first.Restore([snapshot]);
        second.Restore([snapshot]);
        hold.Dispose();

        byte[] kept = first.Snapshot();
        Assert.IsFalse(file.IsDisposed);
        byte[] other = second.Snapshot();
        Assert.IsTrue(file.IsDisposed);
        CollectionAssert.AreEqual(kept, first.Snapshot());
        CollectionAssert.AreEqual(other, second.Snapshot());
    }

    [TestMethod]
    public async Task A_disk_without_room_for_what_nobody_asks_for_fails_with_the_setting()
    {
        using var disk = new DiskSpace(most: 1L << 20);
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 1_000)))]);
        using MemoryFile file = new(written);
        (KeyedSnapshot snapshot, IDisposable hold) = await ReadAsync(disk, file, All);
        using (hold)
        {
            using var backend = new DiskStateBackend<string>(Settings(All), disk.Space);
            backend.Restore([snapshot]);
            DiskStateException error = Assert.ThrowsExactly<DiskStateException>(() => backend.Snapshot());
            StringAssert.Contains(error.Message, "MaxBytes");
        }

        Assert.AreEqual(0, disk.Space.DiskBytes);
    }

    [TestMethod]
    public async Task Damage_to_restored_state_is_seen_when_it_is_asked_for_with_its_file_and_place()
    {
        using var disk = new DiskSpace();
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 1_000)))]);
        int damaged = written.Length / 4;
        written[damaged] ^= 1;
        using MemoryFile file = new(written);
        (KeyedSnapshot snapshot, IDisposable hold) = await ReadAsync(disk, file, All);
        using (hold)
        {
            using var backend = new HeapStateBackend<string>(Settings(All));
            backend.Restore([snapshot]);
            CheckpointCorruptedException error = Assert.ThrowsExactly<CheckpointCorruptedException>(
                () => backend.Keyed.Get(new ValueStateDescriptor<string>("value")));

            StringAssert.Contains(error.Message, "'bytes'");
            Assert.IsTrue(error.Offset <= damaged, $"from byte {error.Offset} on, and it is {damaged}");
            Assert.IsTrue(error.IsOfRestore);
        }
    }

    [TestMethod]
    public void Restored_bytes_that_are_not_there_are_refused_with_their_file_and_place()
    {
        using var disk = new DiskSpace();
        SpaceFile elsewhere = disk.Space.CreateRestored();
        using IDisposable hold = elsewhere.Hold();
        Assert.AreEqual(0, elsewhere.Append(new byte[60]));
        Assert.AreEqual(60, elsewhere.Append(new byte[40]));

        DiskStateException error = Assert.ThrowsExactly<DiskStateException>(
            () => elsewhere.Read(50, new byte[51]));

        StringAssert.Contains(error.Message, FilesOf(disk).Single());
        StringAssert.Contains(error.Message, "byte 100");
    }

    private static IValueState<string> Fill(KeyedStateBackend<string> backend, int keys, int bytes)
    {
        IValueState<string> value = backend.Keyed.Get(new ValueStateDescriptor<string>("value"));
        for (int i = 0; i < keys; i++)
        {
            SetKey(backend, $"key {i}");
            value.Update(new string((char)('a' + (i % 26)), bytes));
        }

        return value;
    }

    private static byte[] TwoStates(int keys, int bytes)
    {
        using var backend = new HeapStateBackend<string>(Settings(All));
        Fill(backend, keys, bytes);
        IValueState<string> other = backend.Keyed.Get(new ValueStateDescriptor<string>("other"));
        for (int i = 0; i < keys; i++)
        {
            SetKey(backend, $"key {i}");
            other.Update(new string('o', bytes));
        }

        return backend.Snapshot();
    }

    // What is read later is held by whoever restores it, and by who has read where it is until then.
    private static async Task<(KeyedSnapshot Snapshot, IDisposable Hold)> ReadAsync(
        DiskSpace disk, MemoryFile file, KeyGroupRange range)
    {
        SnapshotSource source = new("bytes", file.Length, () => Task.FromResult<StoredFile>(file));
        StoredBytes bytes = new(source, new ReadThreads(disk.Execution), disk.Space.CreateRestored());
        IDisposable hold = bytes.Hold();
        var reader = new SubtaskSnapshotReader([source], (group, _) => range.Contains(group), [bytes]);
        return ((await reader.ReadAsync(CancellationToken.None)).Operators[Id].Keyed, hold);
    }

    private static string[] FilesOf(DiskSpace disk) =>
    [
        .. Directory.GetDirectories(disk.Folder)
            .SelectMany(Directory.GetFiles)
            .Where(static file => !Path.GetFileName(file).StartsWith('.')),
    ];

    private static bool Owns(KeyedStateBackend<string> backend, string key) => backend.Settings.Range.Contains(
        KeyGroupAssignment.KeyGroupOf(backend.Hasher.Hash(in key), KeyGroups));

    private static void SetKey(KeyedStateBackend<string> backend, string key) =>
        backend.SetKey(in key, backend.Hasher.Hash(in key));

    private static KeyedStateSettings Settings(KeyGroupRange range) =>
        new("Op", Serializers, KeyGroups, range, TimeProvider.System);
}
