using Millrace.DataStream;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;

namespace Millrace.Operators.Windows;

/// <summary>Windows run in every way a loop may run them, against plain queries.</summary>
[TestClass]
[Verifies(typeof(SliceWindowOperator<,,,,,,>))]
[Verifies(typeof(SessionWindowOperator<,,,,,,>))]
[Verifies(typeof(WindowOperator<,,,>))]
public sealed class WindowVerifierTests
{
    private const long Size = 100;
    private const long Slide = 40;
    private const long Gap = 60;

    // Out of order by some places.
    private static readonly (Click Record, long Timestamp)[] Clicks =
    [
        .. Enumerable.Range(0, 36).Select(i => (i * 15L) + (i * i % 7 * 11) + (i / 12 * 200))
            .Select((time, i) => (new Click($"user {i % 3}", i, time), time)),
    ];

    [TestMethod]
    public void Tumbling_windows() => Verify(
        clicks => clicks.Window(TumblingEventTimeWindows.Of(Ms(Size))).Sum(click => click.Value),
        InWindows(click => [click.At / Size * Size]));

    [TestMethod]
    public void Sliding_windows() => Verify(
        clicks => clicks.Window(SlidingEventTimeWindows.Of(Ms(Size), Ms(Slide))).Sum(click => click.Value),
        InWindows(Starts));

    [TestMethod]
    public void Sessions() => Verify(
        clicks => clicks.Window(EventTimeSessionWindows.WithGap(Ms(Gap))).Sum(click => click.Value), InSessions());

    [TestMethod]
    public void Windows_that_are_kept_one_by_one() => Verify(
        clicks => clicks.Window(SlidingEventTimeWindows.Of(Ms(Size), Ms(Slide))).AllowedLateness(Ms(5))
            .Sum(click => click.Value),
        InWindows(Starts));

    [TestMethod]
    public void Windows_that_merge() => Verify(
        clicks => clicks.Window(EventTimeSessionWindows.WithGap(Ms(Gap))).AllowedLateness(Ms(5))
            .Sum(click => click.Value),
        InSessions());

    [TestMethod]
    public void Windows_with_all_of_their_records() => OperatorVerifier.Verify(
        clicks => clicks.KeyBy(click => click.User).Window(EventTimeSessionWindows.WithGap(Ms(Gap)))
            .Apply((user, window, records) =>
                new[] { $"{user} {window.Start} {records.Count()} {records.Sum(click => click.Value)}" }),
        Clicks,
        [
            .. InSessions().Select(session => $"{session.Key} {session.Window.Start} " +
                $"{Clicks.Count(click => IsIn(click.Record, session))} {session.Value}"),
        ]);

    private static void Verify(
        Func<KeyedStream<Click, string>, DataStream<Windowed<string, TimeWindow, long>>> define,
        Windowed<string, TimeWindow, long>[] expected) =>
        OperatorVerifier.Verify(clicks => define(clicks.KeyBy(click => click.User)), Clicks, expected);

    private static Windowed<string, TimeWindow, long>[] InWindows(Func<Click, IEnumerable<long>> startsOf) =>
    [
        .. from timed in Clicks
           from start in startsOf(timed.Record)
           group timed.Record.Value by (timed.Record.User, Start: start) into window
           select new Windowed<string, TimeWindow, long>(
               window.Key.User, new TimeWindow(window.Key.Start, window.Key.Start + Size), window.Sum()),
    ];

    private static IEnumerable<long> Starts(Click click)
    {
        for (long start = -Size / Slide * Slide; start <= click.At; start += Slide)
        {
            if (start > click.At - Size)
            {
                yield return start;
            }
        }
    }

    private static Windowed<string, TimeWindow, long>[] InSessions() =>
        [.. Clicks.Select(timed => timed.Record).GroupBy(click => click.User).SelectMany(Sessions)];

    private static IEnumerable<Windowed<string, TimeWindow, long>> Sessions(IGrouping<string, Click> clicks)
    {
        Click[] ordered = [.. clicks.OrderBy(click => click.At)];
        for (int first = 0, next; first < ordered.Length; first = next)
        {
            next = first + 1;
            while (next < ordered.Length && ordered[next].At - ordered[next - 1].At <= Gap)
            {
                next++;
            }

            yield return new Windowed<string, TimeWindow, long>(
                clicks.Key,
                new TimeWindow(ordered[first].At, ordered[next - 1].At + Gap),
                ordered[first..next].Sum(click => click.Value));
        }
    }

    private static bool IsIn(Click click, Windowed<string, TimeWindow, long> session) =>
        click.User == session.Key && click.At >= session.Window.Start && click.At < session.Window.End;

    private static TimeSpan Ms(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
