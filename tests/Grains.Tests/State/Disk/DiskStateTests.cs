using Millrace.Contracts;
using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.State.Disk;

[TestClass]
public sealed class DiskStateTests
{
    private const int KeyGroups = 16;

    private static readonly SerializerSet Serializers = new();

    // All kinds of state; saved in one backend, gone on with in the other, and so on.
    [TestMethod]
    [DataRow(5)]
    [DataRow(6)]
    public void What_one_backend_saves_the_other_goes_on_with(int seed)
    {
        using var disk = new DiskSpace(DiskSpace.Tight);
        var random = new Random(seed);
        var model = new StateModel();
        KeyedStateBackend<string> backend = new HeapStateBackend<string>(Settings);
        var user = new StateUser(backend);
        for (int step = 0; step < 4_000; step++)
        {
            string key = $"key {random.Next(40)}";
            user.Begin(key);
            model.Begin(key);
            StateOperations.DoOne(random, user, model, $"seed {seed}, step {step}");
            user.End();
            if (step % 400 == 399)
            {
                byte[] snapshot = user.Snapshot();
                backend.Dispose();
                backend = backend is HeapStateBackend<string>
                    ? new DiskStateBackend<string>(Settings, disk.Space)
                    : new HeapStateBackend<string>(Settings);
                backend.Restore([snapshot]);
                user = new StateUser(backend);
            }
        }

        backend.Dispose();
    }

    // As docs/formats/key-hash.md says: one key, however it is written.
    [TestMethod]
    public void Forms_of_one_key_are_one_key()
    {
        var utc = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        SameKey(1.0m, 1.000m);
        SameKey(0m, -0.00m);
        SameKey(0.0, -0.0);
        SameKey(double.NaN, BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8000000000001)));
        SameKey(0f, -0f);
        SameKey(Half.Zero, Half.NegativeZero);
        SameKey(utc, DateTime.SpecifyKind(utc, DateTimeKind.Local));
        SameKey(new DateTimeOffset(utc), new DateTimeOffset(utc).ToOffset(TimeSpan.FromHours(5)));
        SameKey((Name: "a", Price: (decimal?)2.50m, Text: "b"), (Name: "a", Price: (decimal?)2.5m, Text: "b"));
        SameKey(new Priced("a", new Part(0.0, 3), "b"), new Priced("a", new Part(-0.0, 3), "b"));
        OtherKey(1.0m, 1.01m);
        OtherKey(new Priced("a", new Part(0.0, 3), "b"), new Priced("a", new Part(0.0, 3), "c"));
        OtherKey((Name: "a", Price: (decimal?)null, Text: "b"), (Name: "a", Price: (decimal?)0m, Text: "b"));
    }

    [TestMethod]
    public void Keys_of_a_map_come_back_as_they_were_set()
    {
        using var disk = new DiskSpace();
        using var backend = new DiskStateBackend<string>(Settings, disk.Space);
        IMapState<decimal, string> map = backend.Keyed.Get(new MapStateDescriptor<decimal, string>("map"));
        SetKey(backend, "a");
        map[1.50m] = "first";
        map[1.5m] = "second";
        map[2.00m] = "other";

        CollectionAssert.AreEquivalent(
            new[] { "1.5 second", "2.00 other" },
            map.Select(entry => FormattableString.Invariant($"{entry.Key} {entry.Value}")).ToArray());
        Assert.AreEqual("second", map[1.500m]);
        using var restored = new HeapStateBackend<string>(Settings);
        restored.Restore([backend.Snapshot()]);
        IMapState<decimal, string> again = restored.Keyed.Get(new MapStateDescriptor<decimal, string>("map"));
        SetKey(restored, "a");
        CollectionAssert.AreEquivalent(map.ToArray(), again.ToArray());
    }

    [TestMethod]
    public void Very_large_values_empty_keys_and_empty_lists_are_kept_like_others()
    {
        using var disk = new DiskSpace();
        using var backend = new DiskStateBackend<string>(Settings, disk.Space);
        IValueState<byte[]> value = backend.Keyed.Get(new ValueStateDescriptor<byte[]>("value"));
        IListState<string> list = backend.Keyed.Get(new ListStateDescriptor<string>("list"));
        byte[] large = new byte[20 << 20];
        new Random(1).NextBytes(large);
        SetKey(backend, "");
        value.Update(large);
        list.AddAll([]);
        list.Add(new string('x', 3_000_000));
        list.Add("");
        SetKey(backend, "other");
        value.Update([]);

        SetKey(backend, "");
        CollectionAssert.AreEqual(large, value.Value);
        Assert.AreEqual(2, list.Count);
        Assert.AreEqual(3_000_000, list[0].Length);
        using var restored = new DiskStateBackend<string>(Settings, disk.Space);
        restored.Restore([backend.Snapshot()]);
        IValueState<byte[]> again = restored.Keyed.Get(new ValueStateDescriptor<byte[]>("value"));
        SetKey(restored, "");
        CollectionAssert.AreEqual(large, again.Value);
        SetKey(restored, "other");
        Assert.IsEmpty(again.Value!);
        CollectionAssert.AreEquivalent(new[] { "", "other" }, restored.KeysOf("value"));
    }

    [TestMethod]
    public void A_map_of_many_entries_is_gone_through_and_cleared_in_parts()
    {
        using var disk = new DiskSpace(DiskSpace.Tight);
        using var backend = new DiskStateBackend<string>(Settings, disk.Space);
        IMapState<int, string> map = backend.Keyed.Get(new MapStateDescriptor<int, string>("map"));
        SetKey(backend, "a");
        map[1] = "of another key";
        SetKey(backend, "b");
        for (int i = 0; i < 5_000; i++)
        {
            map[i] = $"{i}";
        }

        Assert.AreEqual(5_000, map.Count);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 5_000).ToArray(), map.Select(entry => entry.Key).Order().ToArray());
        map.Clear();
        Assert.AreEqual(0, map.Count);
        Assert.IsFalse(map.Contains(4_999));
        CollectionAssert.AreEqual(new[] { "a" }, backend.KeysOf("map"));
    }

    [TestMethod]
    public void Forgetting_all_leaves_nothing_of_any_key()
    {
        using var disk = new DiskSpace();
        using var backend = new DiskStateBackend<string>(Settings, disk.Space);
        IValueState<int> value = backend.Keyed.Get(new ValueStateDescriptor<int>("value"));
        for (int i = 0; i < 3_000; i++)
        {
            SetKey(backend, $"{i}");
            value.Update(i);
        }

        backend.ForgetAll();

        Assert.IsEmpty(backend.KeysOf("value"));
        SetKey(backend, "7");
        Assert.IsFalse(value.HasValue);
        value.Update(1);
        CollectionAssert.AreEqual(new[] { "7" }, backend.KeysOf("value"));
    }

    // On the path of each record nothing is made that the collector would have to find again.
    [TestMethod]
    public void Values_are_read_and_set_without_allocations()
    {
        using var disk = new DiskSpace(DiskSpace.Tight);
        using var backend = new DiskStateBackend<long>(Settings, disk.Space);
        var kept = (IKeptValue<long>)backend.Keyed.Get(new ValueStateDescriptor<long>("value"));
        long[] keys = [.. Enumerable.Range(0, 4_000).Select(i => (long)i)];
        ulong[] hashes = new ulong[keys.Length];
        backend.Hasher.HashBatch(keys, hashes);
        Count();
        Count();
        Count();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Count();

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        backend.SetKey(in keys[7], hashes[7]);
        Assert.AreEqual(4, kept.Value);

        void Count()
        {
            for (int first = 0; first < keys.Length; first += 50)
            {
                backend.Prefetch(keys.AsSpan(first, 50), hashes.AsSpan(first, 50));
                for (int i = first; i < first + 50; i++)
                {
                    backend.SetKey(in keys[i], hashes[i]);
                    kept.TryBorrow(out long count);
                    kept.Keep(count + 1);
                }
            }

            backend.ClearKey();
        }
    }

    private static KeyedStateSettings Settings => new(
        "Op", Serializers, KeyGroups, new KeyGroupRange(0, KeyGroups), TimeProvider.System);

    private static void SetKey<TKey>(KeyedStateBackend<TKey> backend, TKey key) =>
        backend.SetKey(in key, backend.Hasher.Hash(in key));

    private static void SameKey<TKey>(TKey one, TKey other) =>
        Assert.AreEqual(1, Found(one, other), $"{one}, {other}");

    private static void OtherKey<TKey>(TKey one, TKey other) =>
        Assert.AreEqual(0, Found(one, other), $"{one}, {other}");

    private static int Found<TKey>(TKey one, TKey other)
    {
        using var disk = new DiskSpace();
        using var backend = new DiskStateBackend<TKey>(Settings, disk.Space);
        IValueState<int> value = backend.Keyed.Get(new ValueStateDescriptor<int>("value"));
        SetKey(backend, one);
        value.Update(1);
        SetKey(backend, other);
        return value.Value;
    }

    internal sealed record Priced(string Name, Part Part, string Text);

    internal readonly record struct Part(double Price, int Number);
}
