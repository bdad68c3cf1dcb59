using Millrace.Batches;
using Millrace.Network;
using Millrace.Network.InFlight;

namespace Millrace.Tasks.Checkpointing;

[TestClass]
public sealed class BarrierAlignerTests
{
    private readonly CheckpointCut _cut = new();

    [TestMethod]
    public void Channels_are_held_back_until_the_barrier_has_come_on_all()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(3, gate);
        Pass(aligner, gate, 0, checkpoint: 1);
        Pass(aligner, gate, 2, checkpoint: 1);

        CollectionAssert.AreEquivalent(new[] { 0, 2 }, gate.Blocked);
        Assert.IsFalse(_cut.IsUnderWay);
        Pass(aligner, gate, 1, checkpoint: 1);

        Assert.IsTrue(_cut.IsUnderWay);
        Assert.AreEqual(1, _cut.Last);
        Assert.IsEmpty(gate.Blocked);
    }

    [TestMethod]
    public void No_channel_is_held_back_where_records_may_count_twice()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(2, gate, holdsBack: false);
        Pass(aligner, gate, 0, checkpoint: 1);

        Assert.IsEmpty(gate.Blocked);
        Assert.IsFalse(_cut.IsUnderWay);
        Pass(aligner, gate, 1, checkpoint: 1);
        Assert.IsTrue(_cut.IsUnderWay);
    }

    [TestMethod]
    public void A_channel_that_has_ended_needs_no_barrier()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(3, gate);
        aligner.End(0);
        Pass(aligner, gate, 1, checkpoint: 1);
        aligner.End(2);

        Assert.IsTrue(_cut.IsUnderWay);
    }

    // Then the subtask finishes, and that is its part.
    [TestMethod]
    public void There_is_no_cut_when_all_channels_have_ended()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(2, gate);
        Pass(aligner, gate, 0, checkpoint: 1);
        aligner.End(0);
        aligner.End(1);

        Assert.IsFalse(_cut.IsUnderWay);
        Assert.IsFalse(aligner.IsAligning);
    }

    [TestMethod]
    public void A_later_barrier_gives_up_the_alignment_and_an_earlier_one_is_ignored()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(2, gate);
        Pass(aligner, gate, 0, checkpoint: 1);
        Pass(aligner, gate, 1, checkpoint: 2);

        CollectionAssert.AreEqual(new[] { 1 }, gate.Blocked);
        Pass(aligner, gate, 0, checkpoint: 1);
        Assert.IsFalse(_cut.IsUnderWay);
        Pass(aligner, gate, 0, checkpoint: 2);
        Assert.AreEqual(2, _cut.Last);
        _cut.End();
        Pass(aligner, gate, 1, checkpoint: 1);
        Assert.IsEmpty(gate.Blocked);
        Assert.IsFalse(_cut.IsUnderWay);
    }

    [TestMethod]
    public void A_barrier_overtakes_once_it_waits_everywhere_and_has_lost_patience()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(3, gate);
        var barrier = new CheckpointBarrier(1, overtakesAt: 100);
        aligner.Foretell(0, barrier);
        aligner.Pass(gate, 1, 1, barrier);
        aligner.Overtake(now: 200);
        Assert.IsFalse(_cut.IsUnderWay, "it has not come on the third channel");

        aligner.Foretell(2, new CheckpointBarrier(1, overtakesAt: 150));
        Assert.AreEqual(100, aligner.OvertakesAt);
        aligner.Overtake(now: 99);
        Assert.IsFalse(_cut.IsUnderWay, "it has patience");
        aligner.Overtake(now: 100);

        Assert.IsTrue(_cut.IsUnderWay);
        Assert.AreEqual(100, _cut.OvertakesAt);
        Assert.IsEmpty(gate.Blocked);
        CollectionAssert.AreEqual(new[] { 0, 2 }, Overtaken(aligner, 3));
        _cut.End();
        aligner.Pass(gate, 0, 0, barrier);
        Assert.IsEmpty(gate.Blocked, "a barrier that has overtaken is nothing any more");
    }

    [TestMethod]
    public void What_must_not_be_recorded_is_waited_for()
    {
        Gate gate = new();
        BarrierAligner aligner = new([true, false], _cut);
        aligner.Add(gate);
        var barrier = new CheckpointBarrier(1, overtakesAt: 0);
        aligner.Foretell(0, barrier);
        aligner.Foretell(1, barrier);
        aligner.Overtake(now: 10);
        Assert.IsFalse(_cut.IsUnderWay);

        aligner.Pass(gate, 1, 1, barrier);
        aligner.Overtake(now: 10);
        Assert.IsTrue(_cut.IsUnderWay);
        CollectionAssert.AreEqual(new[] { 0 }, Overtaken(aligner, 2));
    }

    [TestMethod]
    public void The_end_of_a_channel_is_overtaken_as_a_barrier_is()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(2, gate);
        aligner.Foretell(0, EndOfData.Instance);
        aligner.Foretell(1, new CheckpointBarrier(1, overtakesAt: 0));
        aligner.Overtake(now: 0);

        Assert.IsTrue(_cut.IsUnderWay);
        CollectionAssert.AreEqual(new[] { 0, 1 }, Overtaken(aligner, 2));
    }

    [TestMethod]
    public void A_barrier_that_never_loses_patience_overtakes_nothing()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(2, gate);
        aligner.Foretell(0, new CheckpointBarrier(1));
        aligner.Foretell(1, new CheckpointBarrier(1));
        aligner.Overtake(now: long.MaxValue - 1);
        Assert.IsFalse(_cut.IsUnderWay);
        Pass(aligner, gate, 0, checkpoint: 1);
        aligner.Overtake(now: long.MaxValue - 1);
        Assert.IsFalse(_cut.IsUnderWay);
    }

    // Channels as lists, read in any order, with barriers that are given up, ends, and cuts at any time: on each
    // channel a cut is exactly where the barrier of its checkpoint stands.
    [TestMethod]
    public void On_each_channel_a_cut_is_where_its_barrier_stands_in_whatever_order_they_are_read()
    {
        int overtaken = 0;
        for (int seed = 0; seed < 2_000; seed++)
        {
            overtaken += new AlignerModel(seed).Run();
        }

        Assert.IsGreaterThan(2_000, overtaken, "channels in which something was in flight");
    }

    private static void Pass(BarrierAligner aligner, Gate gate, int channel, long checkpoint) =>
        aligner.Pass(gate, channel, channel, new CheckpointBarrier(checkpoint));

    private static int[] Overtaken(BarrierAligner aligner, int channels) =>
        [.. Enumerable.Range(0, channels).Where(aligner.IsOvertaken)];

    private BarrierAligner Over(int channels, Gate gate, bool holdsBack = true)
    {
        bool[] all = new bool[channels];
        Array.Fill(all, true);
        BarrierAligner aligner = new(all, _cut, holdsBack);
        aligner.Add(gate);
        return aligner;
    }

    /// <summary>Knows which channels are held back.</summary>
    internal sealed class Gate : IInputGate
    {
        public List<int> Blocked { get; } = [];

        public int Channels => throw new NotSupportedException();

        public EdgeCounts Counts => throw new NotSupportedException();

        public EdgeCounts CountsOf(int channel) => throw new NotSupportedException();

        public bool TryTake(out int channel, out StreamElement? element) => throw new NotSupportedException();

        public bool TryTakeForetold(out int channel, out StreamElement? control) => throw new NotSupportedException();

        public void Record(int channel, long checkpoint, InFlightRecords into) => throw new NotSupportedException();

        public void Block(int channel) => Blocked.Add(channel);

        public void UnblockAll() => Blocked.Clear();

        public void Dispose()
        {
        }
    }
}
