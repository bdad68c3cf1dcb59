using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Operators;
using Millrace.UserCode;

namespace Millrace.Checkpointing;

/// <summary>How fast state is written into checkpoints.</summary>
[TestClass]
public sealed class WritePaceTests
{
    private const int Pace = 1_000_000;

    private readonly ManualTime _time = new();

    [TestMethod]
    public void Whatever_the_sizes_of_what_is_written_a_second_has_its_bytes()
    {
        WritePace pace = NewPace();
        Random random = new(1);
        TimeSpan waited = TimeSpan.Zero;
        long written = 0;
        while (written < 20 * Pace)
        {
            int bytes = random.Next(1, 200_000);
            TimeSpan wait = pace.Take(bytes);
            written += bytes;

            // It takes a while to write, and a timer is late.
            _time.Advance(wait + TimeSpan.FromMilliseconds(random.Next(3)));
            waited += wait;
        }

        Assert.AreEqual(written / (double)Pace, _time.GetElapsedTime(0).TotalSeconds, 0.25);
        Assert.IsGreaterThan(TimeSpan.FromSeconds(15), waited);
    }

    // All of them together keep the pace: the second one waits for the bytes of the first one too.
    [TestMethod]
    public void Writers_share_the_pace()
    {
        WritePace pace = NewPace();
        pace.Take(Pace);
        Assert.AreEqual(TimeSpan.FromSeconds(1.9), pace.Take(Pace));
    }

    [TestMethod]
    public void A_little_after_a_while_is_written_at_once()
    {
        WritePace pace = NewPace();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.AreEqual(TimeSpan.Zero, pace.Take(Pace / 20));
        Assert.AreEqual(TimeSpan.Zero, pace.Take(Pace / 20));
        Assert.AreEqual(TimeSpan.FromMilliseconds(50), pace.Take(Pace / 20));
    }

    [TestMethod]
    public void What_is_written_through_it_arrives_and_waits()
    {
        using SystemExecution execution = new(
            new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);
        using MemoryStream below = new();
        using (PacedStream paced = new(below, new WritePace(1L << 20, execution), CancellationToken.None))
        {
            long started = execution.Time.GetTimestamp();
            paced.Write(new byte[1 << 18]);
            paced.Write([1, 2, 3]);
            Assert.IsGreaterThan(TimeSpan.FromMilliseconds(100), execution.Time.GetElapsedTime(started));
        }

        Assert.AreEqual((1 << 18) + 3, below.Length);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, below.ToArray()[^3..]);
    }

    private WritePace NewPace() => new(Pace, new PoolExecution(_time));
}
