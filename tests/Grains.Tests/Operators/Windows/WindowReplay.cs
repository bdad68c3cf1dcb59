using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>What a window replayed has come to, with its records in the order in which it holds them.</summary>
internal readonly record struct Fired(string User, TimeWindow Window, string Values);

/// <summary>How <see cref="WindowReplay"/> cuts time, fires and forgets.</summary>
internal sealed record ReplaySettings
{
    public long Size { get; init; }

    public long Slide { get; init; }

    /// <summary>Of sessions; else 0.</summary>
    public long Gap { get; init; }

    public long Lateness { get; init; }

    /// <summary>Fires every so many records, and not by time; else 0.</summary>
    public int Count { get; init; }

    /// <summary>Fires early, by event time; else 0.</summary>
    public long Interval { get; init; }

    /// <summary>Whether a window that fires forgets its records.</summary>
    public bool Purges { get; init; }

    /// <summary>What an evictor leaves.</summary>
    public Func<List<Click>, List<Click>> Keep { get; init; } = records => records;

    /// <summary>Whether it does so behind the result.</summary>
    public bool KeepsAfter { get; init; }
}

/// <summary>Windows by event time, written without the operators: a plain list of windows that is gone through for each
/// record and each watermark.</summary>
internal sealed class WindowReplay(ReplaySettings settings)
{
    private readonly List<Window> _windows = [];
    private long _watermark = long.MinValue;

    /// <summary>What has fired so far.</summary>
    public List<Fired> Results { get; } = [];

    /// <summary>Records that came too late for all their windows.</summary>
    public List<Click> Late { get; } = [];

    /// <summary>Number of windows that are kept.</summary>
    public int Kept => _windows.Count;

    public void Process(Click click)
    {
        bool isTaken = false;
        foreach (TimeWindow span in SpansOf(click.At))
        {
            TimeWindow whole = settings.Gap > 0 ? Covering(click.User, span) : span;
            if (whole.MaxTimestamp + settings.Lateness > _watermark)
            {
                isTaken = true;
                Add(Merged(click.User, whole), click);
            }
        }

        if (!isTaken && click.At + settings.Lateness <= _watermark)
        {
            Late.Add(click);
        }
    }

    public void Advance(long watermark)
    {
        _watermark = watermark;
        foreach (Window window in _windows.ToArray())
        {
            FireEarly(window);
            if (window.IsAwaited && window.Span.MaxTimestamp <= watermark)
            {
                window.IsAwaited = false;
                Fire(window);
            }

            if (window.Span.MaxTimestamp <= watermark - settings.Lateness)
            {
                _windows.Remove(window);
            }
        }
    }

    private IEnumerable<TimeWindow> SpansOf(long time)
    {
        if (settings.Gap > 0)
        {
            yield return new TimeWindow(time, time + settings.Gap);
            yield break;
        }

        for (long start = time - (time % settings.Slide); start > time - settings.Size; start -= settings.Slide)
        {
            yield return new TimeWindow(start, start + settings.Size);
        }
    }

    private IEnumerable<Window> Touching(string user, TimeWindow span) => _windows.Where(window =>
        window.User == user && (settings.Gap > 0
            ? window.Span.Start <= span.End && span.Start <= window.Span.End
            : window.Span == span));

    private TimeWindow Covering(string user, TimeWindow span) => new(
        Touching(user, span).Select(window => window.Span.Start).Append(span.Start).Min(),
        Touching(user, span).Select(window => window.Span.End).Append(span.End).Max());

    private Window Merged(string user, TimeWindow span)
    {
        Window[] parts = [.. Touching(user, span).OrderBy(window => window.Span.End)];
        _windows.RemoveAll(window => parts.Contains(window));
        var merged = new Window(user, span)
        {
            Records = [.. parts.SelectMany(part => part.Records)],
            Counted = parts.Sum(part => part.Counted),
            Next = parts.Select(part => part.Next).Min(),
            IsAwaited = parts.Any(part => part.IsAwaited && part.Span == span),
        };
        _windows.Add(merged);
        return merged;
    }

    private void Add(Window window, Click click)
    {
        window.Records.Add(click);
        if (settings.Count > 0)
        {
            if (++window.Counted >= settings.Count)
            {
                window.Counted = 0;
                Fire(window);
            }
        }
        else if (window.Span.MaxTimestamp <= _watermark)
        {
            Fire(window);
        }
        else
        {
            window.IsAwaited = true;
            if (settings.Interval > 0)
            {
                window.Next ??= NextFire(window, click.At - (click.At % settings.Interval));
            }
        }
    }

    private long NextFire(Window window, long time) =>
        Math.Min(window.Span.MaxTimestamp, _watermark == long.MaxValue ? long.MaxValue : time + settings.Interval);

    private void FireEarly(Window window)
    {
        while (window.Next is long next && next <= _watermark && next < window.Span.MaxTimestamp)
        {
            Fire(window);
            window.Next = NextFire(window, next);
        }
    }

    private void Fire(Window window)
    {
        if (window.Records.Count == 0)
        {
            return;
        }

        List<Click> kept = settings.Keep(window.Records);
        List<Click> shown = settings.KeepsAfter ? window.Records : kept;
        Results.Add(new Fired(window.User, window.Span, string.Join(' ', shown.Select(click => click.Value))));
        window.Records = settings.Purges ? [] : kept;
    }

    private sealed class Window(string user, TimeWindow span)
    {
        public string User => user;

        public TimeWindow Span => span;

        public List<Click> Records { get; set; } = [];

        public int Counted { get; set; }

        public long? Next { get; set; }

        /// <summary>Whether it fires at its end.</summary>
        public bool IsAwaited { get; set; }
    }
}
