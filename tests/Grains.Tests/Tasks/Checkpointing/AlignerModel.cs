using Millrace.Batches;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Channels of numbered records and barriers, which one consumer reads in a random order while producers go
/// on, and what each cut must hold of them.</summary>
#pragma warning disable CA1001 // Its gate holds nothing.
internal sealed class AlignerModel
#pragma warning restore CA1001
{
    private readonly Random _random;
    private readonly Channel[] _channels;
    private readonly CheckpointCut _cut = new();
    private readonly BarrierAlignerTests.Gate _gate = new();
    private readonly BarrierAligner _aligner;
    private readonly Queue<(int Channel, StreamElement Control)> _foretold = [];
    private readonly bool _isEager;
    private int _overtaken;
    private int _cuts;
    private long _now;

    public AlignerModel(int seed)
    {
        _random = new Random(seed);
        _channels = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => new Channel(_random.Next(5) > 0))];
        _isEager = _random.Next(2) == 0;
        _aligner = new BarrierAligner([.. _channels.Select(channel => channel.MayBeOvertaken)], _cut);
        _aligner.Add(_gate);
    }

    /// <summary>Runs until all is read.</summary>
    /// <returns>Channels, over all cuts, in which something was in flight.</returns>
    public int Run()
    {
        long checkpoint = 0;
        for (int step = 0; step < 300; step++, _now++)
        {
            switch (_random.Next(8))
            {
                case 0:
                    checkpoint++;
                    Barrier(checkpoint, skipsSome: _random.Next(4) == 0);
                    break;
                case < 4:
                    Produce();
                    break;
                default:
                    Consume();
                    break;
            }
        }

        // The last barrier comes on all channels that are open.
        Barrier(++checkpoint, skipsSome: false);
        for (int step = 0; step < 10_000 && Array.Exists(_channels, channel => channel.Elements.Count > 0); step++)
        {
            _now++;
            Consume();
        }

        Assert.IsTrue(Array.TrueForAll(_channels, channel => channel.Elements.Count == 0), "all is read");
        bool anyOpen = Array.Exists(_channels, channel => !channel.HasEnded);
        Assert.AreEqual(anyOpen ? checkpoint : _cut.Last, _cut.Last, "the last checkpoint is cut");
        return _overtaken;
    }

    private void Produce()
    {
        Channel channel = _channels[_random.Next(_channels.Length)];
        if (channel.HasEnded)
        {
            return;
        }

        if (_random.Next(60) == 0)
        {
            channel.HasEnded = true;
            Add(channel, EndOfData.Instance);
            return;
        }

        channel.Elements.Enqueue((channel.Written++, null));
    }

    // A producer that has given up a checkpoint sends no barrier of it.
    private void Barrier(long checkpoint, bool skipsSome)
    {
        var barrier = new CheckpointBarrier(
            checkpoint,
            overtakesAt: _random.Next(3) == 0 ? CheckpointBarrier.Never : _now + _random.Next(30));
        foreach (Channel channel in _channels.Where(channel => !channel.HasEnded))
        {
            if (!skipsSome || _random.Next(3) > 0)
            {
                channel.Positions[checkpoint] = channel.Written;
                Add(channel, barrier);
            }
        }
    }

    private void Add(Channel channel, StreamElement control)
    {
        channel.Elements.Enqueue((-1, control));
        _foretold.Enqueue((Array.IndexOf(_channels, channel), control));
    }

    private void Consume()
    {
        while (_foretold.Count > 0 && (_isEager || _random.Next(3) > 0))
        {
            (int foretold, StreamElement control) = _foretold.Dequeue();
            _aligner.Foretell(foretold, control);
        }

        _aligner.Overtake(_now);
        if (_cut.IsUnderWay)
        {
            Check();
            _cut.End();
            return;
        }

        int index = _random.Next(_channels.Length);
        Channel channel = _channels[index];
        if (_gate.Blocked.Contains(index)
            || !channel.Elements.TryDequeue(out (int Record, StreamElement? Control) next))
        {
            return;
        }

        switch (next.Control)
        {
            case CheckpointBarrier barrier:
                _aligner.Pass(_gate, index, index, barrier);
                break;
            case EndOfData:
                _aligner.End(index);
                break;
            default:
                channel.Read++;
                break;
        }
    }

    private void Check()
    {
        _cuts++;
        for (int i = 0; i < _channels.Length; i++)
        {
            Channel channel = _channels[i];

            // One that skipped the barrier has given the checkpoint up: nothing will come of it.
            if (!channel.Positions.TryGetValue(_cut.Last, out int position))
            {
                bool endedBefore = channel.HasEnded && channel.Positions.Keys.All(other => other < _cut.Last);
                position = endedBefore ? channel.Written : -1;
            }

            int recorded = _aligner.IsOvertaken(i) ? channel.InFrontOf(_cut.Last) : 0;
            _overtaken += recorded > 0 ? 1 : 0;
            Assert.IsTrue(recorded == 0 || channel.MayBeOvertaken, $"cut {_cuts}: channel {i} is not to be overtaken");
            if (position >= 0)
            {
                Assert.AreEqual(position, channel.Read + recorded, $"cut {_cuts} of {_cut.Last}, channel {i}");
            }
        }
    }

    private sealed class Channel(bool mayBeOvertaken)
    {
        public Queue<(int Record, StreamElement? Control)> Elements { get; } = [];

        public Dictionary<long, int> Positions { get; } = [];

        public bool MayBeOvertaken => mayBeOvertaken;

        public bool HasEnded { get; set; }

        public int Written { get; set; }

        public int Read { get; set; }

        public int InFrontOf(long checkpoint) => Elements
            .TakeWhile(element => !(element.Control is EndOfData
                || (element.Control is CheckpointBarrier barrier && barrier.Checkpoint >= checkpoint)))
            .Count(element => element.Control is null);
    }
}
