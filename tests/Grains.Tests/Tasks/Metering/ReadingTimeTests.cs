using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks.Metering;

[TestClass]
public sealed class ReadingTimeTests
{
    private readonly ManualTime _time = new();

    // What idleness is measured by: a source that nobody lets read must not seem to have nothing to read.
    [TestMethod]
    public void Reading_time_stands_still_while_the_outputs_are_full()
    {
        var clock = new RoundClock(_time);
        var reading = new ReadingTime(clock);
        Begin();
        reading.RoundEnds(reads: true);
        Assert.AreEqual(5, Seconds(5), "waiting for input");
        reading.RoundEnds(reads: false);
        Assert.AreEqual(5, Seconds(7), "waiting for room");
        reading.RoundEnds(reads: false);
        Assert.AreEqual(5, Seconds(1), "what was taken is not worked off");
        Assert.AreEqual(HeadStatus.Ready, reading.Run(new SlowHead(_time, clock)));
        Assert.AreEqual(7, Seconds(0), "taking input");
        reading.RoundEnds(reads: true);
        Assert.AreEqual(8, Seconds(1), "others had their turn");

        long Seconds(int pass)
        {
            _time.Advance(TimeSpan.FromSeconds(pass));
            Begin();
            return reading.Ticks / _time.TimestampFrequency;
        }

        void Begin()
        {
            clock.Begin();
            reading.RoundBegins();
        }
    }

    /// <summary>Takes two seconds.</summary>
    private sealed class SlowHead(ManualTime time, RoundClock clock) : IChainHead
    {
        public bool HasSeenEnd => false;

        public long Records => 0;

        public long Batches => 0;

        public HeadStatus Run()
        {
            time.Advance(TimeSpan.FromSeconds(2));
            clock.Read();
            return HeadStatus.Ready;
        }

        public string? DescribePosition(int index) => null;

        public void Dispose()
        {
        }
    }
}
