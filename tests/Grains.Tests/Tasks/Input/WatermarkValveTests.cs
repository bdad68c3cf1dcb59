using Millrace.Batches;

namespace Millrace.Tasks.Input;

[TestClass]
public sealed class WatermarkValveTests
{
    private const long None = RecordBatch.NoWatermark;

    [TestMethod]
    public void Time_is_where_the_slowest_channel_is()
    {
        var valve = new WatermarkValve(3);

        Assert.AreEqual(None, valve.Advance(0, 10));
        Assert.AreEqual(None, valve.Advance(1, 20));
        Assert.AreEqual(5, valve.Advance(2, 5));
        Assert.AreEqual(None, valve.Advance(2, 4), "a channel does not go back");
        Assert.AreEqual(10, valve.Advance(2, 30));
    }

    [TestMethod]
    public void An_idle_channel_holds_nobody_back_and_one_that_comes_back_takes_no_time_back()
    {
        var valve = new WatermarkValve(2);

        valve.Advance(0, 50);
        Assert.AreEqual(50, valve.Idle(1));
        Assert.AreEqual(60, valve.Advance(0, 60));
        Assert.AreEqual(None, valve.Activate(1));
        Assert.AreEqual(70, valve.Advance(0, 70), "one that is behind counts when it has caught up");
        Assert.AreEqual(None, valve.Advance(1, 75));
        Assert.AreEqual(75, valve.Advance(0, 80));
    }

    // Whichever goes first, the result is the same.
    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    public void When_all_are_idle_time_is_where_the_furthest_was(int first, int second)
    {
        var valve = new WatermarkValve(2);
        valve.Advance(0, 10);
        valve.Advance(1, 20);

        long[] said = [valve.Idle(first), valve.Idle(second)];

        Assert.AreEqual(20, said.Max());
        Assert.IsTrue(valve.IsIdle);
        valve.Activate(first);
        Assert.IsFalse(valve.IsIdle);
    }

    [TestMethod]
    public void An_ended_channel_holds_nobody_back_and_the_last_one_ends_time()
    {
        var valve = new WatermarkValve(3);
        valve.Advance(0, 10);
        valve.Advance(1, 20);

        Assert.AreEqual(10, valve.End(2));
        Assert.AreEqual(20, valve.End(0));
        Assert.AreEqual(None, valve.Idle(1));
        Assert.IsTrue(valve.IsIdle, "the one that has not ended is idle");
        Assert.AreEqual(long.MaxValue, valve.End(1));
        Assert.IsTrue(valve.HasEnded);
        Assert.IsFalse(valve.IsIdle);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(100)]
    public void It_does_what_a_search_through_all_channels_does(int channels)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var valve = new WatermarkValve(channels);
            var model = new Model(channels);
            long time = None;
            for (int step = 0; step < 2_000 && !valve.HasEnded; step++)
            {
                int channel = random.Next(channels);
                long watermark = step + random.Next(200);
                (long got, long expected) = random.Next(40) switch
                {
                    < 28 => (valve.Advance(channel, watermark), model.Advance(channel, watermark)),
                    < 33 => (valve.Idle(channel), model.Idle(channel)),
                    < 39 => (valve.Activate(channel), model.Activate(channel)),
                    _ when step > 500 => (valve.End(channel), model.End(channel)),
                    _ => (None, None),
                };

                Assert.AreEqual(expected, got, $"seed {seed}, step {step}, channel {channel}");
                Assert.AreEqual(model.IsIdle, valve.IsIdle, $"seed {seed}, step {step}");
                Assert.IsTrue(got == None || got > time, $"seed {seed}, step {step}: {got} after {time}");
                time = Math.Max(time, got);
            }
        }
    }

    /// <summary>Looks through all channels each time.</summary>
    private sealed class Model(int channels)
    {
        private readonly Channel[] _channels = [.. Enumerable.Range(0, channels).Select(_ => new Channel())];
        private long _output = None;

        public bool IsIdle => Open.Any() && Open.All(channel => !channel.IsActive);

        private IEnumerable<Channel> Open => _channels.Where(channel => !channel.HasEnded);

        public long Advance(int index, long watermark)
        {
            Channel channel = _channels[index];
            if (channel.HasEnded || watermark <= channel.Watermark)
            {
                return None;
            }

            channel.Watermark = watermark;
            channel.Counts |= channel.IsActive && watermark >= _output;
            return Next();
        }

        public long Idle(int index)
        {
            if (!_channels[index].IsActive || _channels[index].HasEnded)
            {
                return None;
            }

            _channels[index].IsActive = false;
            return Left();
        }

        public long Activate(int index)
        {
            Channel channel = _channels[index];
            if (channel.IsActive || channel.HasEnded)
            {
                return None;
            }

            channel.IsActive = true;
            channel.Counts = channel.Watermark >= _output;
            return Next();
        }

        public long End(int index)
        {
            Channel channel = _channels[index];
            if (channel.HasEnded)
            {
                return None;
            }

            bool wasActive = channel.IsActive;
            channel.HasEnded = true;
            channel.IsActive = false;
            return !Open.Any() ? Raise(long.MaxValue) : wasActive ? Left() : None;
        }

        private long Left() =>
            Open.Any(channel => channel.IsActive) ? Next() : Raise(Open.Max(channel => channel.Watermark));

        private long Next()
        {
            Channel[] counting = [.. Open.Where(channel => channel.IsActive && channel.Counts)];
            return counting.Length == 0 ? None : Raise(counting.Min(channel => channel.Watermark));
        }

        private long Raise(long watermark)
        {
            if (watermark <= _output)
            {
                return None;
            }

            _output = watermark;
            return watermark;
        }

        private sealed class Channel
        {
            public bool IsActive { get; set; } = true;

            public bool Counts { get; set; } = true;

            public bool HasEnded { get; set; }

            public long Watermark { get; set; } = None;
        }
    }
}
