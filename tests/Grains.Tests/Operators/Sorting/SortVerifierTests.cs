using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Connected;
using Millrace.Operators.Joins;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Sorting;

/// <summary>Operators of batch mode, whose input comes key by key, run in every way a loop may run them.</summary>
[TestClass]
[Verifies(typeof(KeySortOperator<,>))]
[Verifies(typeof(TwoInputSortOperator<,,>))]
[Verifies(typeof(LeftSide<,>))]
[Verifies(typeof(RightSide<,>))]
public sealed class SortVerifierTests
{
    private const long Size = 100;
    private const long Gap = 40;

    private static readonly MapStateDescriptor<string, int> Rules = new("rules");

    // In no order at all, which only batch mode puts right; few keys have many records, many have few.
    private static readonly (Mark Record, long Timestamp)[] Marks = MarksOf(seed: 1, count: 70);

    [TestMethod]
    public void Rolling_aggregates_say_their_last_result() => OperatorVerifier.VerifyBatch(
        marks => marks.KeyBy(mark => mark.Key).Count(),
        Marks,
        [.. Marks.CountBy(mark => mark.Record.Key).Select(key => new Keyed<int, long>(key.Key, key.Value))]);

    [TestMethod]
    public void Reductions_go_in_the_order_in_which_records_came() => OperatorVerifier.VerifyBatch(
        marks => marks.KeyBy(mark => mark.Key)
            .Reduce((first, next) => new Mark(first.Key, (3 * first.Time) + next.Time)),
        Marks,
        [
            .. Marks.GroupBy(mark => mark.Record.Key).Select(key => key.Select(mark => mark.Record)
                .Aggregate((first, next) => new Mark(first.Key, (3 * first.Time) + next.Time))),
        ]);

    [TestMethod]
    public void Windows_that_share_slices() => OperatorVerifier.VerifyBatch(
        marks => marks.KeyBy(mark => mark.Key).Window(TumblingEventTimeWindows.Of(Ms(Size))).Count(),
        Marks,
        InWindows());

    [TestMethod]
    public void Windows_that_stand_alone() => OperatorVerifier.VerifyBatch(
        marks => marks.KeyBy(mark => mark.Key).Window(TumblingEventTimeWindows.Of(Ms(Size))).AllowedLateness(Ms(5))
            .Count(),
        Marks,
        InWindows());

    [TestMethod]
    public void Sessions() => OperatorVerifier.VerifyBatch(
        marks => marks.KeyBy(mark => mark.Key).Window(EventTimeSessionWindows.WithGap(Ms(Gap))).Count(),
        Marks,
        [
            .. from key in Marks.GroupBy(mark => mark.Record.Key)
               from session in SessionsOf([.. key.Select(mark => mark.Timestamp).Order()])
               select new Windowed<int, TimeWindow, long>(
                   key.Key, new TimeWindow(session[0], session[^1] + Gap), session.Length),
        ]);

    [TestMethod]
    public void Timers_and_state_of_a_key() => OperatorVerifier.VerifyBatch(
        marks => marks.KeyBy(mark => mark.Key).Process(new Steps()),
        Marks,
        [
            .. from key in Marks.GroupBy(mark => mark.Record.Key)
               let times = key.Select(mark => mark.Timestamp).Order().ToArray()
               from ten in times.Select(time => time / 10 * 10).Distinct()
               select $"{key.Key} by {ten}: {times.Length}",
        ]);

    [TestMethod]
    public void Without_keys_nothing_is_sorted() => OperatorVerifier.VerifyBatch(
        marks => marks.FlatMap(mark => Enumerable.Range(0, mark.Key)),
        Marks,
        [.. Marks.SelectMany(mark => Enumerable.Range(0, mark.Record.Key))]);

    [TestMethod]
    public void Joins_of_intervals()
    {
        (Mark Record, long Timestamp)[] others = MarksOf(seed: 2, count: 50);

        OperatorVerifier.VerifyBatch(
            (left, right) => left.KeyBy(mark => mark.Key).IntervalJoin(right.KeyBy(mark => mark.Key))
                .Between(Ms(-30), Ms(30)).Apply((one, other) => new Pair(one.Key, one.Time, other.Time)),
            Marks,
            others,
            [
                .. from one in Marks
                   from other in others
                   where one.Record.Key == other.Record.Key && Math.Abs(one.Timestamp - other.Timestamp) <= 30
                   select new Pair(one.Record.Key, one.Timestamp, other.Timestamp),
            ]);
    }

    [TestMethod]
    public void Joins_with_the_version_of_the_moment()
    {
        (Mark Record, long Timestamp)[] versions = [.. MarksOf(seed: 3, count: 30).DistinctBy(mark => mark.Record)];

        OperatorVerifier.VerifyBatch(
            (left, right) => left.KeyBy(mark => mark.Key).TemporalJoin(right.KeyBy(mark => mark.Key))
                .Apply((one, version) => new Pair(one.Key, one.Time, version.Time)),
            Marks,
            versions,
            [
                .. from one in Marks
                   let valid = versions.Where(
                       version => version.Record.Key == one.Record.Key && version.Timestamp <= one.Timestamp).ToArray()
                   where valid.Length > 0
                   select new Pair(one.Record.Key, one.Timestamp, valid.Max(version => version.Timestamp)),
            ]);
    }

    // Records of a key meet in the order of time, whichever input they are from; those of the first one come first.
    [TestMethod]
    public void Connected_streams_with_keys()
    {
        (Mark Record, long Timestamp)[] others = MarksOf(seed: 4, count: 40);

        OperatorVerifier.VerifyBatch(
            (left, right) => left.KeyBy(mark => mark.Key).Connect(right.KeyBy(mark => mark.Key))
                .Process(new Balance()),
            Marks,
            others,
            [
                .. from one in Marks
                   group one by one.Record.Key into key
                   from one in key
                   let before = key.Count(mark => mark.Timestamp < one.Timestamp)
                   let against = others.Count(
                       mark => mark.Record.Key == key.Key && mark.Timestamp < one.Timestamp)
                   select $"{key.Key} {one.Timestamp}: {before - against}",
            ]);
    }

    [TestMethod]
    public void A_broadcast_stream_comes_before_the_keys()
    {
        (string Record, long Timestamp)[] rules = [("a", 5_000), ("b", 1), ("c", 700)];

        OperatorVerifier.VerifyBatch(
            (marks, names) => marks.KeyBy(mark => mark.Key).Connect(names.Broadcast(Rules)).Process(new UnderRules()),
            Marks,
            rules,
            [
                .. Marks.Select(mark => $"{mark.Record.Key} {mark.Timestamp} a+b+c"),
                .. rules.Select(rule => rule.Record),
            ]);
    }

    private static (Mark Record, long Timestamp)[] MarksOf(int seed, int count)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => new Mark(random.Next(1, 4) * random.Next(1, 4), 1_000 + random.Next(600)))
                .DistinctBy(mark => (mark.Key, mark.Time))
                .Select(mark => (mark, mark.Time)),
        ];
    }

    private static Windowed<int, TimeWindow, long>[] InWindows() =>
    [
        .. from mark in Marks
           group mark by (mark.Record.Key, Start: mark.Timestamp / Size * Size) into window
           select new Windowed<int, TimeWindow, long>(
               window.Key.Key, new TimeWindow(window.Key.Start, window.Key.Start + Size), window.Count()),
    ];

    private static IEnumerable<long[]> SessionsOf(long[] times)
    {
        for (int first = 0, next; first < times.Length; first = next)
        {
            next = first + 1;
            while (next < times.Length && times[next] - times[next - 1] <= Gap)
            {
                next++;
            }

            yield return times[first..next];
        }
    }

    private static TimeSpan Ms(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Says at each ten of a key's records how many the key has: time stands until all have come.</summary>
    private sealed class Steps : KeyedProcessFunction<int, Mark, string>
    {
        private static readonly ValueStateDescriptor<int> Count = new("count");

        private IValueState<int> _count = null!;

        public override void Open(RuntimeContext context) => _count = context.GetState(Count);

        public override void ProcessElement(Mark value, Context context, ICollector<string> output)
        {
            _count.Update(_count.Value + 1);
            context.TimerService.RegisterEventTimeTimer(value.Time / 10 * 10);
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output) =>
            output.Emit($"{context.CurrentKey} by {timestamp}: {_count.Value}");
    }

    /// <summary>For each record of the first stream, how many more of it came than of the second one, before.</summary>
    private sealed class Balance : KeyedCoProcessFunction<int, Mark, Mark, string>
    {
        private static readonly ValueStateDescriptor<int> Difference = new("difference");

        private IValueState<int> _difference = null!;

        public override void Open(RuntimeContext context) => _difference = context.GetState(Difference);

        public override void ProcessLeft(Mark value, Context context, ICollector<string> output)
        {
            output.Emit($"{context.CurrentKey} {value.Time}: {_difference.Value}");
            _difference.Update(_difference.Value + 1);
        }

        public override void ProcessRight(Mark value, Context context, ICollector<string> output) =>
            _difference.Update(_difference.Value - 1);
    }

    /// <summary>Says under which rules a record came, and which rules there are.</summary>
    private sealed class UnderRules : KeyedBroadcastProcessFunction<int, Mark, string, string>
    {
        public override void ProcessElement(Mark value, ReadOnlyContext context, ICollector<string> output) =>
            output.Emit($"{context.CurrentKey} {value.Time} " + string.Join(
                '+', context.GetBroadcastState(Rules).Select(rule => rule.Key).Order(StringComparer.Ordinal)));

        public override void ProcessBroadcastElement(string value, Context context, ICollector<string> output)
        {
            context.GetBroadcastState(Rules).Put(value, 1);
            output.Emit(value);
        }
    }
}
