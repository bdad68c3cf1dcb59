using System.Globalization;

namespace Millrace.Pairs;

/// <summary>Processor time of this process.</summary>
internal sealed class ProcessorMeter
{
    private TimeSpan _begin;

    /// <summary>Used since <see cref="Begin"/>.</summary>
    public TimeSpan Used => Environment.CpuUsage.TotalTime - _begin;

    /// <summary>Begins, with no garbage of what was before.</summary>
    public void Begin()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _begin = Environment.CpuUsage.TotalTime;
    }

    /// <summary>A time between two processes.</summary>
    public static string Text(TimeSpan time) => time.Ticks.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reverses <see cref="Text"/>.</summary>
    public static TimeSpan Parse(string text) => new(long.Parse(text, CultureInfo.InvariantCulture));
}
