namespace Millrace.Execution;

[TestClass]
public sealed class ThreadClockTests
{
    // What the clock of elapsed time cannot tell apart.
    [TestMethod]
    public void A_thread_that_waits_uses_no_processor_time_and_one_that_spins_does()
    {
        if (!Environment.Is64BitProcess)
        {
            Assert.Inconclusive("Elapsed time stands in for processor time in 32-bit processes.");
        }

        var clock = ThreadClock.OfSystem(TimeProvider.System);
        Assert.IsFalse(clock.CountsWaiting);
        long before = clock.Read();
        while (clock.Read() - before < 50_000_000)
        {
        }

        // The other thread ends only when the clock here has gone far ahead of what this thread uses.
        using var over = new ManualResetEventSlim();
        long waited = 0;
        var waiting = new Thread(() =>
        {
            long from = clock.Read();
            over.Wait();
            waited = clock.Read() - from;
        });
        waiting.Start();
        before = clock.Read();
        while (clock.Read() - before < 200_000_000)
        {
        }

        over.Set();
        waiting.Join();
        Assert.IsTrue(waited < 100_000_000, $"{waited / 1e6} ms of processor time while waiting");
    }

    [TestMethod]
    public void Where_waiting_counts_a_round_is_charged_no_more_than_one_that_blocks_may_take()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var meter = new RoundMeter(new ElapsedThreadClock(time), TimeSpan.FromMilliseconds(100));
        meter.Restart();

        time.Advance(TimeSpan.FromMilliseconds(3));
        Assert.AreEqual(3_000_000, meter.Lap(), 1_000);
        time.Advance(TimeSpan.FromHours(1));
        Assert.AreEqual(100_000_000, meter.Lap());
        time.Advance(TimeSpan.FromMilliseconds(3));
        meter.Restart();
        Assert.AreEqual(0, meter.Lap());
    }
}
