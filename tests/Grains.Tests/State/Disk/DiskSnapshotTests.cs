using Millrace.Contracts;
using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;

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
    // as it came, also when its backend is gone.
    [TestMethod]
    public async Task Restored_state_waits_on_the_disk_until_it_is_asked_for()
    {
        using var disk = new DiskSpace();
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 10_000)))]);
        KeyGroupRange half = new(0, KeyGroups / 2);
        SpaceFile elsewhere = disk.Space.CreateRestored();
        IDisposable hold = elsewhere.Hold();
        Assert.AreEqual(0, disk.Space.DiskBytes);
        KeyedSnapshot snapshot = await ReadAsync(written, half, elsewhere);
        Assert.IsGreaterThan(9_000_000, disk.Space.DiskBytes);
        Assert.IsLessThan(11_500_000, disk.Space.DiskBytes, "only what is wanted");

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

        FrozenState frozen = backend.Freeze(SnapshotOrder.Everything);
        backend.Dispose();
        byte[] again = frozen.ToArray();
        Assert.AreEqual((0, 0L), (disk.Space.OpenDatabases, disk.Space.DiskBytes), "nothing stays");

        using var memory = new HeapStateBackend<string>(Settings(half));
        memory.Restore([again]);
        IValueState<string> other = memory.Keyed.Get(new ValueStateDescriptor<string>("other"));
        foreach (string key in keys)
        {
            SetKey(memory, key);
            Assert.AreEqual(10_000, other.Value!.Length, key);
        }
    }

    [TestMethod]
    public async Task What_is_restored_is_gone_from_the_disk_once_all_of_it_was_asked_for()
    {
        using var disk = new DiskSpace();
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 1_000)))]);
        SpaceFile elsewhere = disk.Space.CreateRestored();
        using IDisposable hold = elsewhere.Hold();
        KeyedSnapshot snapshot = await ReadAsync(written, All, elsewhere);
        using var backend = new DiskStateBackend<string>(Settings(All), disk.Space);
        backend.Restore([snapshot]);
        hold.Dispose();
        Assert.HasCount(1, FilesOf(disk));
        backend.Keyed.Get(new ValueStateDescriptor<string>("value"));
        Assert.HasCount(1, FilesOf(disk));
        backend.Keyed.Get(new ValueStateDescriptor<string>("other"));
        Assert.IsEmpty(FilesOf(disk));
    }

    [TestMethod]
    public async Task A_disk_without_room_for_what_is_restored_fails_with_the_setting()
    {
        using var disk = new DiskSpace(most: 1L << 20);
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(TwoStates(keys: 1_000, bytes: 1_000)))]);
        SpaceFile elsewhere = disk.Space.CreateRestored();
        using (elsewhere.Hold())
        {
            DiskStateException error = await Assert.ThrowsExactlyAsync<DiskStateException>(
                () => ReadAsync(written, All, elsewhere));
            StringAssert.Contains(error.Message, "MaxBytes");
        }

        Assert.AreEqual(0, disk.Space.DiskBytes);
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

    private static async Task<KeyedSnapshot> ReadAsync(byte[] bytes, KeyGroupRange range, RestoredBytes elsewhere)
    {
        using SnapshotSource source = new("bytes", new MemoryStream(bytes));
        var reader = new SubtaskSnapshotReader([source], (group, _) => range.Contains(group), elsewhere);
        return (await reader.ReadAsync(CancellationToken.None)).Operators[Id].Keyed;
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
