using Millrace.Batches;
using Millrace.Jobs;
using Millrace.Network.InFlight;
using Millrace.Tasks;

namespace Millrace.Network;

[TestClass]
public sealed class InputGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // On a machine that is busy with other things there are fewer rounds.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(4);

    // One element at a time, so that each comes just when the reader gives its channel up as empty. Nothing follows
    // that would announce the channel again: an element missed once would be missed for ever.
    [TestMethod]
    public async Task An_element_that_comes_while_its_channel_is_found_empty_is_not_missed()
    {
        const int Count = 300_000;
        (LocalChannel<long> channel, InputGate gate) = Channel(depth: 8);
        int taken = 0;
        bool stop = false;
        Task<int> adding = Task.Run(() =>
        {
            int count = 0;
            for (; count < Count && !Volatile.Read(ref stop); count++)
            {
                channel.Add(WatermarkStatus.Idle);
                SpinWait spin = default;
                while (Volatile.Read(ref taken) <= count && !Volatile.Read(ref stop))
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }
            }

            return count;
        });

        long began = TimeProvider.System.GetTimestamp();
        long progress = began;
        while (taken < Count && TimeProvider.System.GetElapsedTime(progress) < Patience)
        {
            if (gate.TryTake(out _, out _))
            {
                Volatile.Write(ref taken, taken + 1);
                progress = TimeProvider.System.GetTimestamp();
                if (TimeProvider.System.GetElapsedTime(began) > Enough)
                {
                    break;
                }
            }
        }

        Volatile.Write(ref stop, true);
        int added = await adding;
        while (gate.TryTake(out _, out _))
        {
            taken++;
        }

        Assert.AreEqual(added, taken);
    }

    // Thousands of idle channels cost nothing: only announced ones are looked at.
    [TestMethod]
    public void Only_channels_with_something_to_read_are_looked_at()
    {
        LocalChannels meeting = new();
        CountedChannel[] channels = [.. Enumerable.Range(0, 5_000).Select(_ => new CountedChannel())];
        using InputGate gate = new(channels, () => { });
        while (gate.TryTake(out _, out _))
        {
        }

        Array.ForEach(channels, channel => channel.Looks = 0);
        channels[4_321].Announce();
        Assert.IsFalse(gate.TryTake(out _, out _));
        Assert.AreEqual(2, channels.Sum(channel => channel.Looks));
        Assert.AreEqual(2, channels[4_321].Looks);
        Assert.AreEqual(0, meeting.Halves);
    }

    [TestMethod]
    public void Ends_that_do_not_fit_are_refused_by_name()
    {
        LocalChannels meeting = new();
        ChannelId id = Id(1);
        meeting.Join<long>(id, ChannelEnd.Consumer);

        StringAssert.Contains(Refusal(() => meeting.Join<long>(id, ChannelEnd.Consumer)), "deployed once");
        StringAssert.Contains(Refusal(() => meeting.Join<string>(id, ChannelEnd.Producer)), "System.Int64");

        static string Refusal(Action join) => Assert.ThrowsExactly<InvalidOperationException>(join).Message;
    }

    // Deployments that fail half way must not pile up.
    [TestMethod]
    public void A_channel_whose_other_end_never_came_is_forgotten_with_what_was_in_it()
    {
        LocalChannels meeting = new();
        BatchAccount account = new();
        BatchPool<long> pool = new(4, BatchLayout.None, account);
        LocalChannel<long> written = meeting.Join<long>(Id(1), ChannelEnd.Producer);
        LocalChannel<long> awaited = meeting.Join<long>(Id(2), ChannelEnd.Consumer);
        written.Add(pool.Rent());

        written.ReleaseProducer();
        awaited.ReleaseConsumer();

        Assert.AreEqual(0, meeting.Halves);
        Assert.AreEqual(0, account.Outstanding);
    }

    private static (LocalChannel<long> Channel, InputGate Gate) Channel(int depth)
    {
        LocalChannels meeting = new();
        LocalChannel<long> channel = meeting.Join<long>(Id(0), ChannelEnd.Producer);
        channel.Open(new Producer(() => { }), depth);
        return (channel, new InputGate([meeting.Join<long>(Id(0), ChannelEnd.Consumer)], () => { }));
    }

    private static ChannelId Id(int number)
    {
        JobId job = new(new Id128(7, 7));
        return new ChannelId(
            number,
            new ExecutionAttemptId(job, new VertexId(new Id128(1, 1)), 0, 0),
            new ExecutionAttemptId(job, new VertexId(new Id128(2, 2)), 0, 0));
    }

    private sealed class CountedChannel : IInputChannel
    {
        private ReadyChannels? _ready;
        private int _index;

        public ChannelId Id => default;

        public EdgeCounts Counts => default;

        public int Looks { get; set; }

        public void Attach(ReadyChannels ready, int index) => (_ready, _index) = (ready, index);

        public void Announce() => _ready!.Announce(_index);

        public bool TryTake(out StreamElement? element)
        {
            Looks++;
            element = null;
            return false;
        }

        public void Record(long checkpoint, InFlightRecords into) => throw new NotSupportedException();

        public void ReleaseConsumer()
        {
        }
    }
}
