using Millrace.Contracts;
using Millrace.Operators.Timers;
using Millrace.Serialization;
using Millrace.State.Disk;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.State;

/// <summary>Checkpoints that hold what has changed, read together with those they build upon.</summary>
[TestClass]
public sealed class IncrementalSnapshotTests
{
    private const int KeyGroups = 16;
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly KeyGroupRange All = new(0, KeyGroups);

    private readonly SerializerSet _serializers = new();
    private int _partBytes = 1 << 20;

    // States of all kinds and timers; checkpoints that complete and such that do not, and now and then one is restored,
    // the upper and the lower half of the key groups by itself, in memory and on the disk.
    [TestMethod]
    [DataRow(1, false)]
    [DataRow(2, false)]
    [DataRow(3, false)]
    [DataRow(4, false)]
    [DataRow(5, true)]
    [DataRow(6, true)]
    [DataRow(7, true)]
    [DataRow(8, true)]
    [DataRow(9, true)]
    [DataRow(10, true)]
    [DataRow(11, true)]
    public async Task Changes_and_what_they_build_upon_are_the_state_of_the_cut(int seed, bool isOnDisk)
    {
        // From seed 7 on, lists and maps that are not quite small are written in parts.
        _partBytes = seed < 7 ? _partBytes : 10 * (seed - 6);
        var random = new Random(seed);
        var model = new StateModel();
        HashSet<(long, string)> timersOfModel = [];
        using DiskSpace disk = new(DiskSpace.Tight);
        using KeyedStateBackend<string> backend = Create(isOnDisk ? disk : null);
        (StateUser user, TimerQueue<string, VoidNamespace> timers) = Use(backend);
        Dictionary<long, List<byte[]>> layers = [];
        long completed = 0;
        int increments = 0;
        for (long checkpoint = 1; checkpoint <= 60; checkpoint++)
        {
            int steps = random.Next(1, 80);
            for (int step = 0; step < steps; step++)
            {
                string key = $"key {random.Next(random.Next(3) == 0 ? 3_000 : 60)}";
                user.Begin(key);
                model.Begin(key);
                StateOperations.DoOne(random, user, model, $"seed {seed}, checkpoint {checkpoint}, step {step}");
                user.End();
                ChangeTimers(random, key, timers, timersOfModel);
            }

            bool builds = completed > 0 && layers[completed].Count < 6;
            byte[] bytes = Write(backend, new SnapshotOrder(checkpoint, builds ? completed : 0, TracksChanges: true));
            layers[checkpoint] = builds ? [.. layers[completed], bytes] : [bytes];
            increments += builds ? 1 : 0;
            if (random.Next(3) > 0)
            {
                completed = checkpoint;
                backend.Completed(checkpoint);
            }

            if (random.Next(4) == 0)
            {
                string where = $"seed {seed}, checkpoint {checkpoint}";
                await VerifyAsync(
                    layers[checkpoint],
                    settings => new HeapStateBackend<string>(settings),
                    model,
                    timersOfModel,
                    where);
                await VerifyAsync(
                    layers[checkpoint],
                    settings => new DiskStateBackend<string>(settings, disk.Space),
                    model,
                    timersOfModel,
                    $"{where}, on the disk");
            }
        }

        Assert.IsGreaterThan(30, increments);
    }

    // Of a value that is as large as a quarter of a block, no more than a block and one of them is held at a time.
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Large_values_are_written_a_block_at_a_time(long buildsOn)
    {
        const int ValueBytes = 1 << 20;
        using var backend = new HeapStateBackend<long>(
            new KeyedStateSettings("large", _serializers, KeyGroups, All, TimeProvider.System));
        KeyedTable<long, byte[]> table = backend.CreateTable<byte[]>("large");
        if (buildsOn > 0)
        {
            backend.Freeze(new SnapshotOrder(buildsOn, 0, TracksChanges: true)).Dispose();
            backend.Completed(buildsOn);
        }

        for (long key = 0; key < 30; key++)
        {
            table.GetOrAdd(in key, backend.Hasher.Hash(in key), out _) = new byte[ValueBytes];
        }

        using FrozenState frozen = backend.Freeze(new SnapshotOrder(buildsOn + 1, buildsOn, TracksChanges: true));
        using SnapshotOutput output = new();
        long written = 0;
        foreach (long position in frozen.Write(output))
        {
            Assert.IsLessThanOrEqualTo(KeyedSnapshotWriter.BlockBytes + (2 * ValueBytes), position - written);
            written = position;
            output.PassedOn();
        }

        Assert.IsGreaterThan(30 * ValueBytes, written);
        Assert.AreEqual(buildsOn > 0, frozen.IsChange);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Few_changes_take_few_bytes(bool isOnDisk)
    {
        using DiskSpace disk = new();
        using KeyedStateBackend<string> backend = Create(isOnDisk ? disk : null);
        (StateUser user, _) = Use(backend);
        for (int key = 0; key < 10_000; key++)
        {
            user.Begin($"key {key}");
            user.Value.Update(new string('x', 100));
        }

        int all = Write(backend, new SnapshotOrder(1, 0, TracksChanges: true)).Length;
        backend.Completed(1);
        for (int key = 0; key < 10_000; key += 100)
        {
            user.Begin($"key {key}");
            user.Value.Update(new string('y', 100));
        }

        int changed = Write(backend, new SnapshotOrder(2, 1, TracksChanges: true)).Length;

        Assert.IsLessThan(all * 3 / 100, changed);
    }

    // What nobody asks for is told once, and then said to be as it was.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task What_nobody_asks_for_is_read_from_the_checkpoint_that_is_built_upon(bool isOnDisk)
    {
        using DiskSpace disk = new();
        using KeyedStateBackend<string> first = Create(isOnDisk ? disk : null);
        (StateUser user, _) = Use(first);
        user.Begin("a");
        user.Value.Update("kept");
        byte[] before = Write(first, SnapshotOrder.Everything);
        using KeyedStateBackend<string> second = Create(isOnDisk ? disk : null);
        second.Restore([await ReadAsync([before], All)]);

        byte[] whole = Write(second, new SnapshotOrder(1, 0, TracksChanges: true));
        second.Completed(1);
        byte[] changes = Write(second, new SnapshotOrder(2, 1, TracksChanges: true));

        using KeyedStateBackend<string> third = Create(isOnDisk ? disk : null);
        third.Restore([await ReadAsync([whole, changes], All)]);
        StateUser again = new(third);
        again.Begin("a");
        Assert.AreEqual("kept", again.Value.Value);
        Assert.IsLessThan(whole.Length, changes.Length);
    }

    // A state that is asked for behind the checkpoint that is built upon, one that was restored before and not asked
    // for, and all that is forgotten in between.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task States_that_come_late_and_state_that_is_forgotten_are_whole(bool isOnDisk)
    {
        using DiskSpace disk = new();
        using KeyedStateBackend<string> first = Create(isOnDisk ? disk : null);
        SetTo(first, "restored", "a", "of before");
        byte[] before = Write(first, SnapshotOrder.Everything);
        using KeyedStateBackend<string> second = Create(isOnDisk ? disk : null);
        second.Restore([await ReadAsync([before], All)]);
        SetTo(second, "early", "a", "early");
        List<byte[]> layers = [Write(second, new SnapshotOrder(1, 0, TracksChanges: true))];
        second.Completed(1);
        SetTo(second, "late", "a", "late");
        SetTo(second, "restored", "b", "of now");
        layers.Add(Write(second, new SnapshotOrder(2, 1, TracksChanges: true)));
        second.Completed(2);
        SetTo(second, "late", "b", "later");
        layers.Add(Write(second, new SnapshotOrder(3, 2, TracksChanges: true)));
        second.Completed(3);

        Assert.AreEqual(
            "early a=early, late a=late, late b=later, restored a=of before, restored b=of now",
            await AllOfAsync(layers));
        second.ForgetAll();
        SetTo(second, "late", "c", "last");
        layers.Add(Write(second, new SnapshotOrder(4, 3, TracksChanges: true)));
        Assert.AreEqual("late c=last", await AllOfAsync(layers));
    }

    [TestMethod]
    public async Task Changes_without_what_they_build_upon_are_refused()
    {
        using KeyedStateBackend<string> backend = Create(disk: null);
        (StateUser user, _) = Use(backend);
        user.Begin("a");
        user.Value.Update("x");
        Write(backend, new SnapshotOrder(1, 0, TracksChanges: true));
        backend.Completed(1);
        byte[] changes = Write(backend, new SnapshotOrder(2, 1, TracksChanges: true));

        RecordCorruptedException error = await Assert.ThrowsExactlyAsync<RecordCorruptedException>(
            () => ReadAsync([changes], All));

        StringAssert.Contains(error.Message, Id);
    }

    // Every bit of the newest and of an older layer: an error of ours, or the very state.
    [TestMethod]
    public async Task Damage_in_any_layer_is_found()
    {
        using KeyedStateBackend<string> backend = Create(disk: null);
        (StateUser user, _) = Use(backend);
        user.Begin("a");
        user.Value.Update("first");
        byte[] whole = Write(backend, new SnapshotOrder(1, 0, TracksChanges: true));
        backend.Completed(1);
        user.Value.Update("second");
        byte[] changes = Write(backend, new SnapshotOrder(2, 1, TracksChanges: true));
        foreach (byte[] damaged in (byte[][])[whole, changes])
        {
            for (int bit = 0; bit < damaged.Length * 8; bit++)
            {
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.IsTrue(await IsRefusedOrSecondAsync([whole, changes]), $"bit {bit} of {damaged.Length} bytes");
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    private static void ChangeTimers(
        Random random, string key, TimerQueue<string, VoidNamespace> timers, HashSet<(long, string)> model)
    {
        long time = random.Next(50);
        if (random.Next(2) == 0)
        {
            Assert.AreEqual(model.Add((time, key)), timers.Add(time, in key, default));
        }
        else
        {
            Assert.AreEqual(model.Remove((time, key)), timers.Remove(time, in key, default));
        }
    }

    private static void SetTo(KeyedStateBackend<string> backend, string state, string key, string value)
    {
        IValueState<string> kept = backend.Keyed.Get(new ValueStateDescriptor<string>(state));
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        kept.Update(value);
        backend.ClearKey();
    }

    private static byte[] Write(KeyedStateBackend<string> backend, SnapshotOrder order)
    {
        using SnapshotOutput output = new();
        using FrozenOperator kept = new() { Keyed = backend.Freeze(in order) };
        foreach (long _ in SubtaskSnapshotFormat.Write(output, new FrozenSubtask([(Id, kept)]), new SubtaskTable()))
        {
            // All of it stays in the output.
        }

        return output.Writer.WrittenSpan.ToArray();
    }

    private static async Task<KeyedSnapshot> ReadAsync(IReadOnlyList<byte[]> layers, KeyGroupRange range)
    {
        SnapshotSource[] sources =
        [
            .. layers.Select((bytes, i) => SubtaskBytes.SourceOf($"layer {i}", bytes)),
        ];
        var reader = new SubtaskSnapshotReader(sources, (group, _) => range.Contains(group));
        return (await reader.ReadAsync(CancellationToken.None)).Operators[Id].Keyed;
    }

    private async Task<string> AllOfAsync(IReadOnlyList<byte[]> layers)
    {
        using HeapStateBackend<string> backend = new(Settings(All));
        backend.Restore([await ReadAsync(layers, All)]);
        List<string> all = [];
        foreach (string state in (string[])["early", "late", "restored"])
        {
            IValueState<string> kept = backend.Keyed.Get(new ValueStateDescriptor<string>(state));
            foreach (string key in backend.KeysOf(state).Order())
            {
                backend.SetKey(in key, backend.Hasher.Hash(in key));
                all.Add($"{state} {key}={kept.Value}");
            }
        }

        return string.Join(", ", all);
    }

    private async Task<bool> IsRefusedOrSecondAsync(IReadOnlyList<byte[]> layers)
    {
        try
        {
            using HeapStateBackend<string> read = new(Settings(All));
            read.Restore([await ReadAsync(layers, All)]);
            StateUser user = new(read);
            user.Begin("a");
            return user.Value.Value == "second";
        }
        catch (Exception exception) when (exception is RecordCorruptedException or IncompatibleStateException)
        {
            return true;
        }
    }

    private async Task VerifyAsync(
        IReadOnlyList<byte[]> layers,
        Func<KeyedStateSettings, KeyedStateBackend<string>> create,
        StateModel model,
        HashSet<(long, string)> timersOfModel,
        string where)
    {
        HashSet<(long, string)> found = [];
        foreach (KeyGroupRange range in (KeyGroupRange[])[new(0, 7), new(7, KeyGroups)])
        {
            using KeyedStateBackend<string> backend = create(Settings(range));
            backend.Restore([await ReadAsync(layers, range)]);
            (StateUser user, TimerQueue<string, VoidNamespace> timers) = Use(backend);
            foreach (string key in model.Keys.Where(user.Owns))
            {
                user.Begin(key);
                model.Begin(key);
                StateOperations.Compare(user, model, $"{where}, {key}");
                user.End();
            }

            while (timers.TryPop(long.MaxValue, out TimerKey<string, VoidNamespace> timer))
            {
                Assert.IsTrue(found.Add((timer.Time, timer.Key)), where);
            }
        }

        Assert.IsTrue(found.SetEquals(timersOfModel), where);
    }

    private KeyedStateBackend<string> Create(DiskSpace? disk) => disk is null
        ? new HeapStateBackend<string>(Settings(All))
        : new DiskStateBackend<string>(Settings(All), disk.Space);

    private (StateUser User, TimerQueue<string, VoidNamespace> Timers) Use(KeyedStateBackend<string> backend)
    {
        TimerQueue<string, VoidNamespace> timers = new("timers", Functions.TimeDomain.EventTime, _serializers);
        backend.Register(timers);
        return (new StateUser(backend), timers);
    }

    private KeyedStateSettings Settings(KeyGroupRange range) =>
        new("Op", _serializers, KeyGroups, range, TimeProvider.System) { PartBytes = _partBytes };
}
