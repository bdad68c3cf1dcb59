namespace Millrace.Running;

/// <summary>Adds up the processor time of this process between the first batch that a sink gets and its end, over
/// several runs, one after the other: what it costs to put a program into a plan and to deploy it is left
/// out.</summary>
internal sealed class BatchMeter
{
    private TimeSpan _begin;

    /// <summary>Of all runs.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>The first batch comes.</summary>
    public void Begin() => _begin = Environment.CpuUsage.TotalTime;

    /// <summary>The last one has come.</summary>
    public void End() => Total += Environment.CpuUsage.TotalTime - _begin;
}
