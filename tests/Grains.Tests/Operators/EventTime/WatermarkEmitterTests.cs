using Millrace.Batches;
using Millrace.EventTime;

namespace Millrace.Operators.EventTime;

/// <summary>What each strategy makes of records and of the clock. Records are their own timestamps.</summary>
[TestClass]
public sealed class WatermarkEmitterTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TestLoop _loop = new();
    private readonly TestOutput<long> _output = new(1_024, _ => true, hasTimestamps: true);

    [TestCleanup]
    public void Nothing_that_was_started_has_failed() =>
        CollectionAssert.AreEqual(Array.Empty<Exception>(), _loop.Failures);

    public void Dispose() => _output.Dispose();

    [TestMethod]
    public void Bounded_follows_the_greatest_timestamp_at_its_distance_once_an_interval()
    {
        WatermarkEmitter<long> emitter = Started(
            WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(50)));

        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, 1_000, 3_000, 2_000), "the interval is not over");
        _loop.Advance(Interval);
        Assert.AreEqual(3_100 - 50 - 1, Take(emitter, 0, 3_100, 100));
        _loop.Advance(Interval);
        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, 3_100), "it is no new one");
        _loop.Advance(Interval);
        Assert.AreEqual(3_101 - 50 - 1, Take(emitter, 0, 3_101));
    }

    [TestMethod]
    public void Monotonous_stays_a_millisecond_behind_as_equal_timestamps_may_follow()
    {
        WatermarkEmitter<long> emitter = Started(
            WatermarkStrategy.ForMonotonousTimestamps<long>(), interval: TimeSpan.Zero);

        Assert.AreEqual(6, Take(emitter, 0, 7));
        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, 7));
        Assert.AreEqual(7, Take(emitter, 0, 8));
    }

    [TestMethod]
    public void Records_without_timestamp_do_not_move_time()
    {
        WatermarkEmitter<long> emitter = Started(
            WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromDays(1)), interval: TimeSpan.Zero);

        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, RecordBatch.NoTimestamp));
        Assert.AreEqual(-86_400_001, Take(emitter, 0, 0));
    }

    [TestMethod]
    public void Assigners_see_the_record_and_what_it_had_before()
    {
        WatermarkStrategy<long> none = WatermarkStrategy.NoWatermarks<long>();

        Assert.AreEqual(14, Assigned(none.WithTimestampAssigner(record => record * 2)));
        Assert.AreEqual(7_000, Assigned(none.WithTimestampAssigner(DateTimeOffset.FromUnixTimeSeconds)));
        Assert.AreEqual(107, Assigned(none.WithTimestampAssigner((record, before) => record + before)));
        Assert.AreEqual(100, Assigned(none));

        long Assigned(WatermarkStrategy<long> strategy)
        {
            long[] timestamps = [100];
            Started(strategy).Take(0, [7], timestamps);
            return timestamps[0];
        }
    }

    // Every record speaks up: behind the batch, the greatest counts.
    [TestMethod]
    public void Punctuated_watermarks_of_a_batch_become_one_behind_it()
    {
        WatermarkEmitter<long> emitter = Started(WatermarkStrategy.ForGenerator<long>(_ => new EveryRecord()));

        Assert.AreEqual(9, Take(emitter, 0, 5, 9, 7));
        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, 8));
    }

    [TestMethod]
    public void A_periodic_generator_is_asked_while_no_records_come()
    {
        var generator = new FromClock();
        WatermarkEmitter<long> emitter = Started(WatermarkStrategy.ForGenerator<long>(_ => generator));

        emitter.Tick();
        Assert.AreEqual(0, generator.Asked);
        Assert.AreEqual(1, _loop.Delays, "the loop is woken when the interval is over");
        _loop.Advance(Interval);
        emitter.Tick();
        emitter.Tick();

        Assert.AreEqual(1, generator.Asked);
        CollectionAssert.AreEqual(new[] { (1L, 0) }, _output.Watermarks);
        Assert.AreEqual(1, _loop.Delays, "one delay at a time");
    }

    [TestMethod]
    public void What_a_generator_needs_is_its_clock()
    {
        TimeProvider? given = null;
        Started(WatermarkStrategy.ForGenerator<long>(context =>
        {
            given = context.Time;
            return new EveryRecord();
        }));

        Assert.AreSame(_loop.Time, given);
    }

    [TestMethod]
    public void A_pending_watermark_comes_without_further_records()
    {
        WatermarkEmitter<long> emitter = Started(WatermarkStrategy.ForMonotonousTimestamps<long>());

        Take(emitter, 0, 50);
        emitter.Tick();
        Assert.AreEqual(1, _loop.Delays);
        _loop.Advance(Interval);
        emitter.Tick();

        CollectionAssert.AreEqual(new[] { (49L, 0) }, _output.Watermarks);
        Assert.AreEqual(0, _loop.Delays, "there is nothing more to say");
    }

    [TestMethod]
    public void The_least_of_the_splits_that_have_not_ended_counts()
    {
        WatermarkEmitter<long> emitter = Started(
            WatermarkStrategy.ForMonotonousTimestamps<long>(), bySplit: true, interval: TimeSpan.Zero);
        emitter.AddSplit();
        emitter.AddSplit();

        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, 100), "nothing is known of the other one");
        Assert.AreEqual(49, Take(emitter, 1, 50));
        emitter.EndSplit(1);
        emitter.Tick();
        CollectionAssert.AreEqual(new[] { (99L, 0) }, _output.Watermarks);
        emitter.AddSplit();
        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 2, 20), "time does not go back");
        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, 200), "the slower one holds");
        Assert.AreEqual(150 - 1, Take(emitter, 2, 150));
    }

    [TestMethod]
    public void A_split_nobody_gave_is_refused_with_its_number()
    {
        WatermarkEmitter<long> emitter = Started(WatermarkStrategy.ForMonotonousTimestamps<long>(), bySplit: true);
        emitter.AddSplit();

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => Take(emitter, 4, 1));

        StringAssert.Contains(error.Message, "split 4");
        StringAssert.Contains(error.Message, "given 1");
    }

    [TestMethod]
    public void A_split_without_records_is_not_waited_for_after_its_time_and_again_when_it_has_some()
    {
        WatermarkEmitter<long> emitter = Started(Idle(seconds: 10), bySplit: true, interval: TimeSpan.Zero);
        emitter.AddSplit();
        emitter.AddSplit();

        Take(emitter, 0, 1_000);
        _loop.Advance(TimeSpan.FromSeconds(9));
        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 0, 1_100));
        _loop.Advance(TimeSpan.FromSeconds(1));
        Assert.AreEqual(1_199, Take(emitter, 0, 1_200), "the other one has said nothing for 10 s");
        Assert.AreEqual(RecordBatch.NoWatermark, Take(emitter, 1, 1_500), "the first one is the slower one now");
        Assert.AreEqual(1_499, Take(emitter, 0, 1_600));
        CollectionAssert.AreEqual(Array.Empty<StreamElement>(), _output.Controls, "it was never idle as a whole");
    }

    [TestMethod]
    public void Without_records_for_its_time_it_is_idle_and_active_again_before_the_next_one()
    {
        WatermarkEmitter<long> emitter = Started(Idle(seconds: 10));

        Take(emitter, 0, 1_000);
        _loop.Advance(TimeSpan.FromSeconds(10));
        emitter.Tick();
        CollectionAssert.AreEqual(new StreamElement[] { WatermarkStatus.Idle }, _output.Controls);
        CollectionAssert.AreEqual(new[] { (999L, 0) }, _output.Watermarks, "what was pending comes first");
        Assert.AreEqual(0, _loop.Delays, "once idle, nothing is to be watched");

        emitter.Begin();
        CollectionAssert.AreEqual(
            new StreamElement[] { WatermarkStatus.Idle, WatermarkStatus.Active }, _output.Controls);
    }

    [TestMethod]
    public void Time_during_which_the_loop_could_not_read_does_not_make_idle()
    {
        WatermarkEmitter<long> emitter = Started(Idle(seconds: 10));

        Take(emitter, 0, 1_000);
        _loop.Advance(TimeSpan.FromHours(1), reads: false);
        _loop.Advance(TimeSpan.FromSeconds(9));
        emitter.Tick();
        CollectionAssert.AreEqual(Array.Empty<StreamElement>(), _output.Controls);
        _loop.Advance(TimeSpan.FromSeconds(1));
        emitter.Tick();
        CollectionAssert.AreEqual(new StreamElement[] { WatermarkStatus.Idle }, _output.Controls);
    }

    [TestMethod]
    public void A_reader_that_was_given_no_split_becomes_idle_too()
    {
        WatermarkEmitter<long> emitter = Started(Idle(seconds: 10), bySplit: true);

        emitter.Tick();
        Assert.AreEqual(1, _loop.Delays);
        _loop.Advance(TimeSpan.FromSeconds(10));
        emitter.Tick();
        CollectionAssert.AreEqual(new StreamElement[] { WatermarkStatus.Idle }, _output.Controls);
        emitter.AddSplit();
        _loop.Advance(Interval);
        emitter.Tick();
        CollectionAssert.AreEqual(
            new StreamElement[] { WatermarkStatus.Idle, WatermarkStatus.Active }, _output.Controls);
    }

    [TestMethod]
    public void In_batch_mode_time_stands_until_the_end()
    {
        WatermarkEmitter<long> emitter = new(
            WatermarkStrategy.ForGenerator<long>(_ => throw new NotSupportedException("No generator is needed."))
                .WithTimestampAssigner(record => record + 1),
            new WatermarkTools(_loop, _loop.Clock, TimeSpan.Zero, OnlyFinal: true),
            _output);
        emitter.Start(bySplit: false);
        long[] timestamps = [0];

        Assert.AreEqual(RecordBatch.NoWatermark, emitter.Take(0, [7], timestamps));
        emitter.Tick();
        emitter.End();

        Assert.AreEqual(8, timestamps[0], "timestamps are given all the same");
        CollectionAssert.AreEqual(new[] { (long.MaxValue, 0) }, _output.Watermarks);
        Assert.AreEqual(0, _loop.Delays);
    }

    [TestMethod]
    public void After_the_end_nothing_more_is_said()
    {
        WatermarkEmitter<long> emitter = Started(Idle(seconds: 1));

        Take(emitter, 0, 1_000);
        emitter.End();
        _loop.Advance(TimeSpan.FromHours(1));
        emitter.Tick();

        CollectionAssert.AreEqual(new[] { (long.MaxValue, 0) }, _output.Watermarks);
        CollectionAssert.AreEqual(Array.Empty<StreamElement>(), _output.Controls);
    }

    [TestMethod]
    public void Bounds_of_settings_are_held()
    {
        WatermarkStrategy<long> strategy = WatermarkStrategy.NoWatermarks<long>();

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromTicks(-1)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => strategy.WithIdleness(TimeSpan.Zero));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => strategy.WithWatermarkAlignment("a", TimeSpan.Zero));
        Assert.ThrowsExactly<ArgumentException>(() => strategy.WithWatermarkAlignment(" ", Interval));
    }

    private static WatermarkStrategy<long> Idle(int seconds) =>
        WatermarkStrategy.ForMonotonousTimestamps<long>().WithIdleness(TimeSpan.FromSeconds(seconds));

    private static long Take(WatermarkEmitter<long> emitter, int split, params long[] records) =>
        emitter.Take(split, records, [.. records]);

    private WatermarkEmitter<long> Started(
        WatermarkStrategy<long> strategy, bool bySplit = false, TimeSpan? interval = null)
    {
        WatermarkEmitter<long> emitter = new(
            strategy, new WatermarkTools(_loop, _loop.Clock, interval ?? Interval, OnlyFinal: false), _output);
        emitter.Start(bySplit);
        return emitter;
    }

    private sealed class EveryRecord : IWatermarkGenerator<long>
    {
        public void OnEvent(in long record, long timestamp, IWatermarkOutput output) => output.EmitWatermark(timestamp);

        public void OnPeriodicEmit(IWatermarkOutput output)
        {
        }
    }

    private sealed class FromClock : IWatermarkGenerator<long>
    {
        public int Asked { get; private set; }

        public void OnEvent(in long record, long timestamp, IWatermarkOutput output)
        {
        }

        public void OnPeriodicEmit(IWatermarkOutput output) => output.EmitWatermark(++Asked);
    }
}
