using Millrace.Programs;

namespace Millrace.Functions;

/// <summary>What a function may know about the subtask it runs in. Used on the subtask's loop only.</summary>
public abstract class RuntimeContext
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public abstract string JobId { get; }

    /// <summary>The job's name.</summary>
    public abstract string JobName { get; }

    /// <summary>Name of the operator the function belongs to.</summary>
    public abstract string OperatorName { get; }

    /// <summary>Zero-based index of the subtask, below <see cref="Parallelism"/>.</summary>
    public abstract int SubtaskIndex { get; }

    /// <summary>Number of subtasks of the operator.</summary>
    public abstract int Parallelism { get; }

    /// <summary>Number of key groups of the operator.</summary>
    public abstract int MaxParallelism { get; }

    /// <summary>Zero for the first attempt, one more after each restart.</summary>
    public abstract int AttemptNumber { get; }

    /// <summary>The arguments the job was submitted with.</summary>
    public abstract JobArguments Arguments { get; }

    /// <summary>Where the job was submitted: relative paths count from here. Default: the process's own
    /// directory.</summary>
    public virtual string WorkingDirectory => Environment.CurrentDirectory;

    /// <summary>The clock to read instead of the wall clock.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Canceled when the subtask is to end early. A function that waits must watch it.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>An accumulator that adds up; created at first use, merged over all subtasks in the job's
    /// result.</summary>
    /// <exception cref="InvalidOperationException">The name is in use for another kind of accumulator.</exception>
    public abstract LongCounter Counter(string name);

    /// <summary>An accumulator of another kind; created at first use.</summary>
    /// <exception cref="InvalidOperationException">The name is in use for another kind of accumulator.</exception>
    public abstract TAccumulator Accumulator<TAccumulator>(string name)
        where TAccumulator : Accumulator, new();
}
