using Microsoft.Extensions.Time.Testing;
using Millrace.Execution;
using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks.Metering;

[TestClass]
public sealed class SubtaskTimesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SubtaskTimes _times;

    public SubtaskTimesTests() => _times = new SubtaskTimes(new RoundClock(_time), _time);

    [TestMethod]
    public void Busy_idle_and_backpressured_time_are_told_apart_and_add_up()
    {
        Pass(7);
        _times.RoundBegins();
        _times.Begin();
        Pass(5);
        _times.RoundEnds(HeadStatus.Idle);
        Pass(20);
        _times.RoundBegins();
        Pass(1);
        _times.RoundEnds(HeadStatus.Ready);
        Pass(2);
        _times.RoundBegins();
        _times.RoundEnds(HeadStatus.Backpressured);
        Pass(100);
        _times.RoundBegins();
        Pass(4);

        // What went before it began does not count; waiting for its turn among the workers is not idle.
        Assert.AreEqual(In(busy: 12, idle: 20, backpressured: 100), _times.Read());
    }

    // A subtask that hangs is the one that is looked at.
    [TestMethod]
    public void A_wait_that_never_ends_counts_up_to_now()
    {
        _times.RoundBegins();
        _times.Begin();
        _times.RoundEnds(HeadStatus.Backpressured);

        Pass(1_000);
        Assert.AreEqual(In(busy: 0, idle: 0, backpressured: 1_000), _times.Read());

        Pass(3_600_000);
        Assert.AreEqual(In(busy: 0, idle: 0, backpressured: 3_601_000), _times.Read());
    }

    [TestMethod]
    public void A_round_that_never_ends_is_busy()
    {
        _times.RoundBegins();
        _times.Begin();
        Pass(60_000);

        Assert.AreEqual(In(busy: 60_000, idle: 0, backpressured: 0), _times.Read());
    }

    [TestMethod]
    public void Time_stands_still_before_the_beginning_and_after_the_end()
    {
        _times.RoundBegins();
        _times.RoundEnds(HeadStatus.Idle);
        Pass(50);
        Assert.AreEqual(default, _times.Read());

        _times.RoundBegins();
        _times.Begin();
        Pass(3);
        _times.RoundEnds(HeadStatus.Finished);
        Pass(2);
        _times.End();
        Pass(500);

        Assert.AreEqual(In(busy: 3, idle: 2, backpressured: 0), _times.Read());
    }

    // The price of being measured: none as long as there is work. A round reads the clock once for itself.
    [TestMethod]
    public void A_loop_that_always_has_more_to_do_reads_the_clock_for_its_rounds_only()
    {
        var time = new CountedTime();
        var times = new SubtaskTimes(new RoundClock(time), time);
        times.RoundBegins();
        times.Begin();
        times.RoundEnds(HeadStatus.Ready);
        long before = time.Readings;

        for (int round = 0; round < 1_000; round++)
        {
            times.RoundBegins();
            times.RoundEnds(HeadStatus.Ready);
        }

        Assert.AreEqual(1_000, time.Readings - before);
    }

    // Whoever reports counters must never report less than before.
    [TestMethod]
    public async Task A_reader_beside_the_loop_never_sees_time_run_back()
    {
        const int Rounds = 200_000;
        using var execution = new SystemExecution(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);
        var times = new SubtaskTimes(new RoundClock(TimeProvider.System), TimeProvider.System);
        times.RoundBegins();
        times.Begin();
        Task loop = execution.RunBlockingAsync("loop", () =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                times.RoundEnds(round % 2 == 0 ? HeadStatus.Idle : HeadStatus.Backpressured);
                times.RoundBegins();
            }

            times.End();
        });

        ElapsedTimes last = default;
        do
        {
            ElapsedTimes now = times.Read();
            Assert.IsTrue(
                now.Busy >= last.Busy && now.Idle >= last.Idle && now.Backpressured >= last.Backpressured,
                $"{last}, then {now}");
            last = now;
        }
        while (!loop.IsCompleted);

        await loop;
        ElapsedTimes end = times.Read();
        Assert.IsTrue(end is { Busy: > 0, Idle: > 0, Backpressured: > 0 }, end.ToString());
    }

    private static ElapsedTimes In(long busy, long idle, long backpressured) =>
        new(busy * 1_000_000, idle * 1_000_000, backpressured * 1_000_000);

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private sealed class CountedTime : TimeProvider
    {
        public long Readings { get; private set; }

        public override long GetTimestamp() => ++Readings;
    }
}
