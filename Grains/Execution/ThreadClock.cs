using Millrace.Execution.Clocks;

namespace Millrace.Execution;

/// <summary>Processor time of whichever thread asks: what loops are charged by.</summary>
/// <remarks>
/// A thread that waits, or that the system has put aside for another one, uses none. Where there is no such clock
/// (32-bit processes, and systems that are neither Linux, macOS nor Windows) elapsed time stands in for it.
/// </remarks>
internal abstract class ThreadClock
{
    /// <summary>Whether it goes on while the thread does not run: elapsed time, for want of a better clock.</summary>
    public virtual bool CountsWaiting => false;

    /// <summary>The best that this system has.</summary>
    /// <param name="time">For elapsed time, where there is nothing else.</param>
    public static ThreadClock OfSystem(TimeProvider time)
    {
        if (OperatingSystem.IsWindows())
        {
            return new WindowsThreadClock();
        }

        bool isKnown = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();
        return isKnown && Environment.Is64BitProcess ? new PosixThreadClock() : new ElapsedThreadClock(time);
    }

    /// <summary>Nanoseconds used by the calling thread since some moment in its past.</summary>
    public abstract long Read();
}
