using Millrace.Functions;

namespace Millrace.Connectors;

/// <summary>What a sink writer may know and use.</summary>
public abstract class SinkWriterContext
{
    /// <summary>The subtask, its job, its clock and its accumulators.</summary>
    public abstract RuntimeContext Runtime { get; }

    /// <summary>Makes the loop offer records again after a write took fewer than offered. From any thread.</summary>
    public abstract void Wake();

    /// <summary>Makes the loop offer records again after a while. From any thread.</summary>
    /// <param name="delay">Not negative.</param>
    public abstract void WakeAfter(TimeSpan delay);

    /// <summary>
    /// Starts work that may wait, off the loop; the loop is woken when it ends. Its failure fails the subtask.
    /// </summary>
    /// <param name="work">Must watch its token, which is canceled with the subtask.</param>
    public abstract void Run(Func<CancellationToken, ValueTask> work);

    /// <summary>
    /// Sends bytes to the client as part of the job's result; at the end of input only, from <c>FinishAsync</c>.
    /// </summary>
    /// <param name="name">The name the client asks for.</param>
    /// <param name="bytes">All the subtask's bytes under that name.</param>
    public abstract void ReturnToClient(string name, byte[] bytes);
}
