using Millrace.Serialization;
using Millrace.State.OperatorStates;

namespace Millrace.State;

[TestClass]
public sealed class OperatorStateTests
{
    // The example of docs/formats/operator-state.md: what is written today must be read by every later build.
    private static readonly byte[] Documented = Convert.FromHexString(
        "4D494C4C4F504552" + "0100" + "01" + "01" + "057365656E" + "0101" + "07" + "06496E743332" + "00000000"
        + "02" + "08" + "01000000" + "02000000");

    private static readonly ListStateDescriptor<int> Seen = new("seen");

    [TestMethod]
    public void The_documented_example_is_what_is_written_and_read()
    {
        OperatorStateBackend backend = Backend(0, 1);
        backend.GetList(Seen).AddAll([1, 2]);

        Assert.AreEqual(Convert.ToHexString(Documented), Convert.ToHexString(backend.Snapshot().Span));
        CollectionAssert.AreEqual(new[] { 1, 2 }, Backend(0, 1, Documented).GetList(Seen).ToArray());
    }

    // Every way from up to five subtasks to up to seven: each element once, in order, and as evenly as can be.
    [TestMethod]
    public void Elements_of_a_list_are_dealt_out_anew()
    {
        for (int before = 1; before <= 5; before++)
        {
            ReadOnlyMemory<byte>[] snapshots = Snapshots(before, (backend, i) =>
                backend.GetList(Seen).AddAll(Enumerable.Range(i * 10, i + 1)));
            int[] all = [.. Enumerable.Range(0, before).SelectMany(i => Enumerable.Range(i * 10, i + 1))];
            for (int after = 1; after <= 7; after++)
            {
                int[][] parts =
                [
                    .. Enumerable.Range(0, after)
                        .Select(i => Backend(i, after, snapshots).GetList(Seen).ToArray()),
                ];

                CollectionAssert.AreEqual(all, parts.SelectMany(part => part).ToArray());
                Assert.IsTrue(before == after || parts.Max(part => part.Length) - parts.Min(part => part.Length) <= 1);
            }
        }
    }

    [TestMethod]
    public void Each_subtask_gets_the_union_of_all()
    {
        ReadOnlyMemory<byte>[] snapshots = Snapshots(3, (backend, i) => backend.GetUnion(Seen).Add(i));

        for (int i = 0; i < 2; i++)
        {
            CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Backend(i, 2, snapshots).GetUnion(Seen).ToArray());
        }
    }

    [TestMethod]
    public void Each_subtask_gets_the_whole_of_a_broadcast_map()
    {
        var rules = new MapStateDescriptor<string, int>("rules");
        ReadOnlyMemory<byte>[] snapshots = Snapshots(2, (backend, _) =>
        {
            IBroadcastState<string, int> map = backend.GetBroadcast(rules);
            map.Put("a", 1);
            map.Put("b", 2);
            map.Put("b", 3);
            map.Put("c", 4);
            Assert.IsTrue(map.Remove("c"));
        });

        for (int i = 0; i < 5; i++)
        {
            IBroadcastState<string, int> map = Backend(i, 5, snapshots).GetBroadcast(rules);
            Assert.HasCount(2, map.ToArray());
            Assert.IsTrue(map.TryGet("b", out int value));
            Assert.AreEqual(3, value);
            Assert.IsFalse(map.Contains("c"));
        }
    }

    [TestMethod]
    public void What_nobody_asks_for_is_carried_along_over_any_parallelism()
    {
        ReadOnlyMemory<byte>[] snapshots = Snapshots(3, (backend, i) => backend.GetList(Seen).Add(i));
        foreach (int parallelism in (int[])[2, 5, 1, 4])
        {
            ReadOnlyMemory<byte>[] before = snapshots;
            snapshots =
                [.. Enumerable.Range(0, parallelism).Select(i => Backend(i, parallelism, before).Snapshot())];
        }

        CollectionAssert.AreEquivalent(new[] { 0, 1, 2 }, Backend(0, 1, snapshots).GetList(Seen).ToArray());
    }

    [TestMethod]
    public void One_name_for_two_states_is_refused_with_both()
    {
        OperatorStateBackend backend = Backend(0, 1);
        backend.GetList(Seen);

        InvalidStateUseException error = Assert.ThrowsExactly<InvalidStateUseException>(
            () => backend.GetList(new ListStateDescriptor<string>("seen")));
        StringAssert.Contains(error.Message, "a list of System.Int32");
        StringAssert.Contains(error.Message, "a list of System.String");
        Assert.ThrowsExactly<InvalidStateUseException>(() => backend.GetUnion(Seen));
        Assert.ThrowsExactly<IncompatibleStateException>(() => Backend(0, 1, Documented).GetUnion(Seen));
    }

    [TestMethod]
    public void Damaged_bytes_are_refused_or_read_as_other_values()
    {
        int refused = 0;
        for (int i = 0; i < Documented.Length * 8; i++)
        {
            byte[] bad = [.. Documented];
            bad[i / 8] ^= (byte)(1 << (i % 8));
            refused += IsRefused(bad) ? 1 : 0;
        }

        Assert.IsFalse(IsRefused(Documented));
        Assert.IsGreaterThan(Documented.Length, refused);
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            Backend(0, 1, bytes).GetList(Seen);
            return false;
        }
        catch (Exception exception) when (exception is RecordCorruptedException or IncompatibleStateException)
        {
            return true;
        }
    }

    private static ReadOnlyMemory<byte>[] Snapshots(int subtasks, Action<OperatorStateBackend, int> fill) =>
    [
        .. Enumerable.Range(0, subtasks).Select(i =>
        {
            OperatorStateBackend backend = Backend(i, subtasks);
            fill(backend, i);
            return backend.Snapshot();
        }),
    ];

    private static OperatorStateBackend Backend(
        int subtask, int parallelism, params ReadOnlyMemory<byte>[] snapshots)
    {
        var backend = new OperatorStateBackend("Op", new SerializerSet());
        backend.Restore(snapshots);
        backend.Open(subtask, parallelism);
        return backend;
    }
}
