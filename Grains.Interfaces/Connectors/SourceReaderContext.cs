using Millrace.Programs;

namespace Millrace.Connectors;

/// <summary>What a source reader may know and use.</summary>
public abstract class SourceReaderContext
{
    /// <summary>Zero-based index of the subtask.</summary>
    public abstract int SubtaskIndex { get; }

    /// <summary>Number of reading subtasks.</summary>
    public abstract int Parallelism { get; }

    /// <summary>The arguments the job was submitted with.</summary>
    public abstract JobArguments Arguments { get; }

    /// <summary>The clock to read instead of the wall clock.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Canceled when the subtask is to end early.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>Makes the loop call <c>Read</c> again. From any thread, any number of times.</summary>
    public abstract void Wake();

    /// <summary>Makes the loop call <c>Read</c> again after a while. From any thread.</summary>
    /// <param name="delay">Not negative.</param>
    public abstract void WakeAfter(TimeSpan delay);

    /// <summary>
    /// Starts work that may wait, off the loop, on the pool; the loop is woken when it ends. Its failure fails the
    /// subtask.
    /// </summary>
    /// <param name="work">Must watch its token, which is canceled with the subtask.</param>
    public abstract void Run(Func<CancellationToken, ValueTask> work);

    /// <summary>
    /// Starts work that blocks, on a thread of its own; the loop is woken when it ends. Its failure fails the subtask.
    /// </summary>
    /// <param name="name">For the thread's name.</param>
    /// <param name="work">Must watch its token, which is canceled with the subtask.</param>
    public abstract void RunBlocking(string name, Action<CancellationToken> work);
}
