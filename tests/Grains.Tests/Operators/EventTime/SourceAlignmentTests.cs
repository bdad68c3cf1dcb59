using Millrace.EventTime;

namespace Millrace.Operators.EventTime;

/// <summary>When a source waits for its group.</summary>
[TestClass]
public sealed class SourceAlignmentTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly TestLoop _loop = new();

    [TestMethod]
    public void It_waits_while_it_is_more_than_the_drift_ahead()
    {
        _loop.Slowest = () => 1_000;
        SourceAlignment alignment = Aligned();

        Assert.IsFalse(alignment.Holds(1_000));
        Assert.IsFalse(alignment.Holds(1_100), "as far as the drift goes");
        Assert.IsTrue(alignment.Holds(1_101));
    }

    [TestMethod]
    public void It_asks_once_an_interval_and_tells_where_it_is_then()
    {
        _loop.Slowest = () => 0;
        SourceAlignment alignment = Aligned();
        alignment.Holds(5);
        alignment.Holds(6);
        CollectionAssert.AreEqual(new long[] { 5 }, _loop.Aligned);

        _loop.Slowest = () => 7;
        Assert.IsTrue(alignment.Holds(107), "what the others are now is not known yet");
        _loop.Advance(Interval);

        Assert.IsFalse(alignment.Holds(107));
        CollectionAssert.AreEqual(new long[] { 5, 107 }, _loop.Aligned);
    }

    [TestMethod]
    public void It_waits_for_those_that_have_no_watermark_yet()
    {
        _loop.Slowest = () => long.MinValue;
        SourceAlignment alignment = Aligned();

        Assert.IsFalse(alignment.Holds(long.MinValue), "one that has none itself has to read to get one");
        Assert.IsTrue(alignment.Holds(-1_000_000));
    }

    [TestMethod]
    public void It_waits_for_nobody_when_all_others_are_idle_or_have_ended()
    {
        _loop.Slowest = () => long.MaxValue;
        SourceAlignment alignment = Aligned();

        Assert.IsFalse(alignment.Holds(long.MaxValue - 1));
        Assert.IsFalse(alignment.Holds(long.MaxValue), "idle itself: its next record counts again");
    }

    [TestMethod]
    public void The_interval_has_bounds()
    {
        WatermarkStrategy<int> strategy = WatermarkStrategy.ForMonotonousTimestamps<int>();

        foreach (TimeSpan interval in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(11) })
        {
            ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
                strategy.WithWatermarkAlignment("a", Interval, interval));
            Assert.AreEqual("updateInterval", error.ParamName);
        }
    }

    private SourceAlignment Aligned() =>
        new(new WatermarkAlignment("clicks", TimeSpan.FromMilliseconds(100), Interval), "source", _loop);
}
