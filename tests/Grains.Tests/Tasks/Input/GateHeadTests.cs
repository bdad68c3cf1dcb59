using Millrace.Network;
using Millrace.Operators;
using Millrace.Operators.Sources;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Tasks.Input;

[TestClass]
public sealed class GateHeadTests
{
    private readonly TestLoop _loop = new();
    private readonly CheckpointCut _cut = new();

    // Ten thousand elements wait on one side: the other one still has every second turn.
    [TestMethod]
    public void Two_inputs_are_read_in_turn_while_both_have_something()
    {
        List<string> taken = [];
        var head = Head(new Side("left", taken, 10_000), new Side("right", taken, 3));

        Assert.AreEqual(HeadStatus.Idle, head.Run());

        CollectionAssert.AreEqual(
            new[] { "left", "right", "left", "right", "left", "right", "left", "left" }, taken.Take(8).ToArray());
        Assert.HasCount(10_003, taken);
        Assert.AreEqual(10_003, head.Records);
    }

    [TestMethod]
    public void Nothing_is_taken_from_either_input_while_something_of_one_waits()
    {
        List<string> taken = [];
        var left = new Side("left", taken, 5);
        var right = new Side("right", taken, 5) { Waits = true };

        Assert.AreEqual(HeadStatus.Backpressured, Head(left, right).Run());
        Assert.IsEmpty(taken);
    }

    [TestMethod]
    public void Nothing_is_taken_while_a_cut_is_under_way()
    {
        List<string> taken = [];
        GateHead head = Head(new Side("left", taken, 5), new Side("right", taken, 5));
        _cut.Begin(1);

        head.Run();

        Assert.IsEmpty(taken);
        _cut.End();
        head.Run();
        Assert.HasCount(10, taken);
    }

    [TestMethod]
    public void An_input_that_comes_first_is_read_to_its_end_whatever_waits_at_the_other_one()
    {
        List<string> taken = [];
        var left = new Side("left", taken, 3);
        var right = new Side("right", taken, 2) { IsOpen = true };
        var head = new GateHead(
            new TestStep(), [left, right], new ChannelArrival(new ChannelWay[2], _cut), _loop.Clock, whole: right);

        Assert.AreEqual(HeadStatus.Idle, head.Run());
        CollectionAssert.AreEqual(new[] { "right", "right" }, taken, "more may come");

        right.IsOpen = false;
        Assert.AreEqual(HeadStatus.Idle, head.Run());
        CollectionAssert.AreEqual(new[] { "right", "right", "left", "left", "left" }, taken);
    }

    private GateHead Head(params GateSide[] sides) =>
        new(new TestStep(), sides, new ChannelArrival(new ChannelWay[2], _cut), _loop.Clock);

    private sealed class Side(string name, List<string> taken, int elements) : GateSide
    {
        private int _taken;

        public bool Waits { get; init; }

        public bool IsOpen { get; set; }

        public override bool HasEnded => !IsOpen && _taken == elements;

        public override long Records => _taken;

        public override long Batches => _taken;

        public override bool IsEmpty => !Waits;

        public override bool TryTake()
        {
            if (_taken == elements)
            {
                return false;
            }

            _taken++;
            taken.Add(name);
            return true;
        }

        public override void LookAhead()
        {
        }

        public override void Dispose()
        {
        }
    }

    private sealed class TestStep() : StreamOperator("step")
    {
        public override bool CanTake => true;

        public override void EndRound()
        {
        }

        public override void Dispose()
        {
        }
    }
}
