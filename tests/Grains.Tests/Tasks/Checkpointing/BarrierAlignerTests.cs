using Millrace.Batches;
using Millrace.Network;

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
        aligner.Pass(gate, 0, 0, checkpoint: 1);
        aligner.Pass(gate, 2, 2, checkpoint: 1);

        CollectionAssert.AreEquivalent(new[] { 0, 2 }, gate.Blocked);
        Assert.IsFalse(_cut.IsUnderWay);
        aligner.Pass(gate, 1, 1, checkpoint: 1);

        Assert.IsTrue(_cut.IsUnderWay);
        Assert.AreEqual(1, _cut.Last);
        Assert.IsEmpty(gate.Blocked);
    }

    [TestMethod]
    public void A_channel_that_has_ended_needs_no_barrier()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(3, gate);
        aligner.End(0);
        aligner.Pass(gate, 1, 1, checkpoint: 1);
        aligner.End(2);

        Assert.IsTrue(_cut.IsUnderWay);
    }

    // Then the subtask finishes, and that is its part.
    [TestMethod]
    public void There_is_no_cut_when_all_channels_have_ended()
    {
        Gate gate = new();
        BarrierAligner aligner = Over(2, gate);
        aligner.Pass(gate, 0, 0, checkpoint: 1);
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
        aligner.Pass(gate, 0, 0, checkpoint: 1);
        aligner.Pass(gate, 1, 1, checkpoint: 2);

        CollectionAssert.AreEqual(new[] { 1 }, gate.Blocked);
        aligner.Pass(gate, 0, 0, checkpoint: 1);
        Assert.IsFalse(_cut.IsUnderWay);
        aligner.Pass(gate, 0, 0, checkpoint: 2);
        Assert.AreEqual(2, _cut.Last);
        _cut.End();
        aligner.Pass(gate, 1, 1, checkpoint: 1);
        Assert.IsEmpty(gate.Blocked);
        Assert.IsFalse(_cut.IsUnderWay);
    }

    private BarrierAligner Over(int channels, Gate gate)
    {
        BarrierAligner aligner = new(channels, _cut);
        aligner.Add(gate);
        return aligner;
    }

    private sealed class Gate : IInputGate
    {
        public List<int> Blocked { get; } = [];

        public int Channels => throw new NotSupportedException();

        public EdgeCounts Counts => throw new NotSupportedException();

        public EdgeCounts CountsOf(int channel) => throw new NotSupportedException();

        public bool TryTake(out int channel, out StreamElement? element) => throw new NotSupportedException();

        public void Block(int channel) => Blocked.Add(channel);

        public void UnblockAll() => Blocked.Clear();

        public void Dispose()
        {
        }
    }
}
