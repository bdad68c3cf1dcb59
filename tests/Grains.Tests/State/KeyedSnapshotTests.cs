using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State;

[TestClass]
public sealed class KeyedSnapshotTests
{
    private static readonly KeyGroupRange All = new(0, 4);

    // The examples of docs/formats/keyed-state.md: what is written today must be read by every later build.
    private static readonly byte[] Documented = Convert.FromHexString(
        "4D494C4C4B455953" + "0300"
        + "07000000" + "2A00000000000000"
        + "04" + "00" + "04" + "01"
        + "01" + "06746F74616C" + "0101" + "07" + "06496E743332" + "00000000"
        + "04" + "0101" + "09" + "06496E743634" + "00000000"
        + "01" + "01" + "0A" + "01" + "01" + "01" + "0C" + "C0027660"
        + "1600000000000000" + "D8996B43");

    private static readonly byte[] DocumentedFormer = Convert.FromHexString(
        "4D494C4C4B455953" + "0100" + "04" + "00" + "04" + "01"
        + "01" + "06746F74616C" + "0101" + "07" + "06496E743332" + "00000000"
        + "04" + "0101" + "09" + "06496E743634" + "00000000"
        + "01" + "01" + "01" + "0C" + "07000000" + "2A00000000000000");

    [TestMethod]
    public void The_documented_example_is_what_is_written_and_read()
    {
        HeapStateBackend<int> backend = Backend<int>();
        Set(backend, 7, backend.Keyed.Get(new ValueStateDescriptor<long>("total")), 42L);

        Assert.AreEqual(Convert.ToHexString(Documented), Convert.ToHexString(backend.Snapshot()));
        byte[] second = [.. Documented];
        second[8] = 2;
        foreach (byte[] documented in (byte[][])[Documented, second, DocumentedFormer])
        {
            HeapStateBackend<int> read = Backend<int>(documented);
            Assert.AreEqual(42L, Get(read, 7, read.Keyed.Get(new ValueStateDescriptor<long>("total"))));
        }
    }

    // Some megabytes, so that there are several blocks, and none of it in one piece.
    [TestMethod]
    public void Much_state_is_written_and_read_block_by_block()
    {
        HeapStateBackend<int> backend = Backend<int>();
        IValueState<string> state = backend.Keyed.Get(new ValueStateDescriptor<string>("text"));
        for (int key = 0; key < 20_000; key++)
        {
            Set(backend, key, state, new string('x', 500) + key);
        }

        byte[] bytes = backend.Snapshot();

        IReadOnlyList<StoredGroup> groups = new KeyedSnapshot(bytes).Read().Sections.Single().Groups;
        Assert.IsGreaterThan(All.Count, groups.Count);
        HeapStateBackend<int> read = Backend<int>(bytes);
        IValueState<string> again = read.Keyed.Get(new ValueStateDescriptor<string>("text"));
        for (int key = 0; key < 20_000; key++)
        {
            Assert.AreEqual(new string('x', 500) + key, Get(read, key, again));
        }

        // What nobody asks for is written again, in as many blocks.
        Assert.AreEqual(bytes.Length, Backend<int>(bytes).Snapshot().Length);
    }

    [TestMethod]
    public void Types_may_change_in_ways_that_can_be_read()
    {
        HeapStateBackend<int> backend = Backend<int>();
        Set(backend, 7, backend.Keyed.Get(new ValueStateDescriptor<Before>("total")), new Before(42, "gone"));

        HeapStateBackend<long> read = Backend<long>(backend.Snapshot());
        After? after = Get(read, 7L, read.Keyed.Get(new ValueStateDescriptor<After>("total")));

        Assert.AreEqual(new After(42, null), after);
    }

    // A key with one more member hashes differently: its state would lie where nobody looks for it.
    [TestMethod]
    public void Keys_that_are_made_of_something_else_now_are_refused()
    {
        HeapStateBackend<int> backend = Backend<int>();
        IValueState<long> total = backend.Keyed.Get(new ValueStateDescriptor<long>("total"));
        for (int key = 0; key < 100; key++)
        {
            Set(backend, key, total, key);
        }

        HeapStateBackend<int?> read = Backend<int?>(backend.Snapshot());
        Assert.AreEqual(5, Get(read, 5, read.Keyed.Get(new ValueStateDescriptor<long>("total"))));
        HeapStateBackend<string> other = Backend<string>(backend.Snapshot());
        IncompatibleStateException error = Assert.ThrowsExactly<IncompatibleStateException>(
            () => other.Keyed.Get(new ValueStateDescriptor<long>("total")));
        StringAssert.Contains(error.Message, "'total'");
    }

    // Any byte may be wrong: an error of ours, never another one, and never a hang.
    [TestMethod]
    public void Damaged_bytes_are_refused_or_read_as_other_values()
    {
        HeapStateBackend<string> backend = Backend<string>();
        IListState<string> list = backend.Keyed.Get(new ListStateDescriptor<string>("list"));
        IMapState<string, int> map = backend.Keyed.Get(new MapStateDescriptor<string, int>("map"));
        foreach (string key in (string[])["a", "b", "c", "d"])
        {
            backend.SetKey(in key, backend.Hasher.Hash(in key));
            list.AddAll([key, "x"]);
            map[key] = 1;
        }

        byte[] good = backend.Snapshot();
        int refused = 0;
        for (int i = 0; i < good.Length * 8; i++)
        {
            byte[] bad = [.. good];
            bad[i / 8] ^= (byte)(1 << (i % 8));
            refused += IsRefused(bad) ? 1 : 0;
        }

        Assert.IsFalse(IsRefused(good));
        Assert.IsGreaterThan(good.Length, refused);
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            HeapStateBackend<string> read = Backend<string>(bytes);
            read.Keyed.Get(new ListStateDescriptor<string>("list"));
            read.Keyed.Get(new MapStateDescriptor<string, int>("map"));
            return false;
        }
        catch (Exception exception) when (exception is RecordCorruptedException or IncompatibleStateException)
        {
            return true;
        }
    }

    private static void Set<TKey, T>(HeapStateBackend<TKey> backend, TKey key, IValueState<T> state, T value)
    {
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        state.Update(value);
        backend.ClearKey();
    }

    private static T? Get<TKey, T>(HeapStateBackend<TKey> backend, TKey key, IValueState<T> state)
    {
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        return state.Value;
    }

    private static HeapStateBackend<TKey> Backend<TKey>(params byte[][] snapshots)
    {
        var backend = new HeapStateBackend<TKey>(
            new KeyedStateSettings("Op", new SerializerSet(), All.End, All, TimeProvider.System));
        if (snapshots.Length > 0)
        {
            backend.Restore([.. snapshots.Select(bytes => new KeyedSnapshot(bytes))]);
        }

        return backend;
    }

    internal sealed record Before(int Amount, string Note);

    internal sealed record After(long Amount, string? Added);
}
