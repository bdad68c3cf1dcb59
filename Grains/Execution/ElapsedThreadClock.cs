namespace Millrace.Execution;

/// <summary>Elapsed time, where no clock of a thread's processor time is to be had.</summary>
internal sealed class ElapsedThreadClock(TimeProvider time) : ThreadClock
{
    private readonly long _start = time.GetTimestamp();

    public override bool CountsWaiting => true;

    public override long Read() => (long)time.GetElapsedTime(_start).TotalNanoseconds;
}
