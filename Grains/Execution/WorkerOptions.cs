using System.ComponentModel.DataAnnotations;

namespace Millrace.Execution;

/// <summary>The threads that run subtasks. Section <c>Millrace:Workers</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>Number of worker threads. Default 0: one for each processor. 0 to 1,024.</summary>
    [Range(0, 1_024)]
    public int Threads { get; set; }

    /// <summary>A round longer than this counts as blocking: the loop is moved to a thread of its own and another
    /// worker takes the place of its thread. Default 100 ms; 1 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan BlockedAfter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Loops that may have a thread of their own at a time because they blocked. A further one keeps its
    /// worker until there is a thread for it. Default 256; 0 to 10,000.</summary>
    [Range(0, 10_000)]
    public int MaxBlockedThreads { get; set; } = 256;
}
