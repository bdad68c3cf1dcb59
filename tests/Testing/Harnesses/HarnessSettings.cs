using Millrace.Programs;

namespace Millrace.Harnesses;

/// <summary>Which subtask a harness stands for, and what it begins with.</summary>
public sealed record HarnessSettings
{
    /// <summary>Zero-based index of the subtask, below <see cref="Parallelism"/>. Default 0.</summary>
    public int Subtask { get; init; }

    /// <summary>Number of subtasks of the operator, from 1 to <see cref="MaxParallelism"/>. Default 1.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>Number of key groups, 1 to 32,768. Default 128.</summary>
    public int MaxParallelism { get; init; } = 128;

    /// <summary>The arguments of the job. Default: none.</summary>
    public JobArguments Arguments { get; init; } = JobArguments.Empty;

    /// <summary>What the operator takes over: a snapshot of each subtask it had, in their order, however many they
    /// were. Default: nothing.</summary>
    public IReadOnlyList<HarnessSnapshot> Restore { get; init; } = [];
}
