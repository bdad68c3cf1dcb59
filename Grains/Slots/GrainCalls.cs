
namespace Millrace.Slots;

/// <summary>What the failure of a grain call means.</summary>
internal static class GrainCalls
{
    /// <summary>Whether the call, or its answer, was lost on the way: it may or may not have been carried out, and the
    /// same
    /// call may succeed later.</summary>
    public static bool MayHelpToRepeat(Exception exception) =>
        exception is OrleansException or TimeoutException or ObjectDisposedException or OperationCanceledException;

    /// <summary>How long to wait before a call is repeated: doubled each time, from 50 ms to 5 s.</summary>
    /// <param name="failures">Failures so far, from 1.</param>
    public static TimeSpan Backoff(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(5_000, 50 * Math.Pow(2, Math.Min(failures - 1, 10))));
}
