using Microsoft.Extensions.Time.Testing;

namespace Millrace.Metrics;

[TestClass]
public sealed class SharedReadingTests
{
    private readonly FakeTimeProvider _time = new();
    private int _readings;

    // Two collectors that each leave out what the other asks for.
    [TestMethod]
    public void Nobody_is_shown_a_reading_that_has_had_its_time()
    {
        var shared = new SharedReading<string>(() => $"{++_readings}", _time);
        int one = shared.Join();
        int other = shared.Join();

        Assert.AreEqual("1", shared.For(one));
        Assert.AreEqual("1", shared.For(other));
        Assert.AreEqual("2", shared.For(one), "it asks again");

        _time.Advance(SharedReading<string>.MaxAge + TimeSpan.FromMilliseconds(1));
        Assert.AreEqual("3", shared.For(other));
    }

    [TestMethod]
    public void More_instruments_than_can_be_told_apart_are_refused()
    {
        var shared = new SharedReading<string>(() => "", _time);
        for (int i = 0; i < 64; i++)
        {
            Assert.AreEqual(i, shared.Join());
        }

        Assert.ThrowsExactly<InvalidOperationException>(() => shared.Join());
    }
}
