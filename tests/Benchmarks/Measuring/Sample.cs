namespace Millrace.Measuring;

/// <summary>One run of one side.</summary>
/// <param name="Units">Work done: records, or bytes.</param>
/// <param name="Elapsed">Time it took.</param>
/// <param name="Processor">Processor time of all processes that took part, garbage collection included.</param>
internal readonly record struct Sample(double Units, TimeSpan Elapsed, TimeSpan Processor)
{
    /// <summary>Units for each second of processor time.</summary>
    public double Rate => Units / Processor.TotalSeconds;

    /// <summary>Measures a run.</summary>
    /// <param name="units">Work it does.</param>
    /// <param name="run">The run; nothing else is going on in the process.</param>
    public static Sample Of(double units, Action run)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long started = TimeProvider.System.GetTimestamp();
        run();
        return new Sample(
            units, TimeProvider.System.GetElapsedTime(started), Environment.CpuUsage.TotalTime - processor);
    }
}
