namespace Millrace.Execution;

/// <summary>Processor time that the rounds of a test say they use.</summary>
internal sealed class ManualThreadClock : ThreadClock
{
    [ThreadStatic]
    private static long Used;

    /// <summary>The calling thread has used this much.</summary>
    public static void Use(long nanoseconds) => Used += nanoseconds;

    public override long Read() => Used;
}
