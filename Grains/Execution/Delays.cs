namespace Millrace.Execution;

/// <summary>Waiting for hosts and clients, which are not simulated and may have no workers to make an execution
/// of.</summary>
internal static class Delays
{
    public static Task DelayAsync(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay, time, cancellationToken);
}
