using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>What windows come to, written without the operators: from all records at once.</summary>
internal static class WindowModel
{
    /// <summary>Clicks that do not come later than they may, in the order they come.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of chance.</param>
    /// <param name="disorder">How much earlier than one before it a click may be.</param>
    public static Click[] Clicks(int count, int seed, int disorder = 40)
    {
        var random = new Random(seed);
        long now = 1_000;
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                now += random.Next(8) == 0 ? random.Next(300) : random.Next(12);
                return new Click($"user {random.Next(7)}", random.Next(100), now - random.Next(disorder));
            }),
        ];
    }

    /// <summary>The windows of a size, one at each slide.</summary>
    public static IEnumerable<(string User, TimeWindow Window, long[] Values)> Sliding(
        IEnumerable<Click> clicks, long size, long slide, long offset = 0) =>
        from click in clicks
        from start in Enumerable.Range(0, (int)(size / slide) + 2)
            .Select(back => ((long)Math.Floor((click.At - offset) / (double)slide) - back) * slide + offset)
        where start <= click.At && click.At < start + size
        group click.Value by (click.User, Window: new TimeWindow(start, start + size)) into window
        select (window.Key.User, window.Key.Window, window.Order().ToArray());

    /// <summary>Sessions: a click more than a gap behind the one before begins another.</summary>
    public static IEnumerable<(string User, TimeWindow Window, long[] Values)> Sessions(
        IEnumerable<Click> clicks, long gap)
    {
        foreach (IGrouping<string, Click> user in clicks.GroupBy(click => click.User))
        {
            List<Click> session = [];
            foreach (Click click in user.OrderBy(click => click.At))
            {
                if (session.Count > 0 && click.At - session[^1].At > gap)
                {
                    yield return Of(session);
                    session = [];
                }

                session.Add(click);
            }

            yield return Of(session);
        }

        (string, TimeWindow, long[]) Of(List<Click> session) => (
            session[0].User,
            new TimeWindow(session[0].At, session[^1].At + gap),
            [.. session.Select(click => click.Value).Order()]);
    }
}
