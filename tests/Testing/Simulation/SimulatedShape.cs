using Millrace.Execution.Spilling;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.State;
using Millrace.Tasks.Checkpointing.Copies;

namespace Millrace.Simulation;

/// <summary>What a simulated cluster has to offer.</summary>
internal sealed record SimulatedShape
{
    /// <summary>Slots a job is given at most, or null for all it asks for.</summary>
    public int? Slots { get; init; }

    /// <summary>What a silo keeps in memory and on its disk.</summary>
    public BatchOptions Batch { get; init; } = new();

    /// <summary>Of how many writes of checkpoints one fails; 0 for none.</summary>
    public int CheckpointFailures { get; init; }

    /// <summary>Longest time that storing a file of a checkpoint takes, beside the usual one.</summary>
    public TimeSpan CheckpointDelay { get; init; }

    /// <summary>Of how many parts of checkpoints subtasks decline one; 0 for none.</summary>
    public int DeclinedParts { get; init; }

    /// <summary>How records travel in batch mode where a program does not say it: all subtasks at the same time, which
    /// is what most of the simulation is about.</summary>
    public ExchangeKind Exchange { get; init; } = ExchangeKind.Pipelined;

    /// <summary>Copies of checkpointed state on the disks of silos; null for none.</summary>
    public LocalStateOptions? Copies { get; init; }

    /// <summary>What runs again when a subtask fails.</summary>
    public FailoverStrategy Failover { get; init; } = FailoverStrategy.Region;

    /// <summary>What state is kept in. A disk is a real one: it decides nothing, and takes no simulated time.</summary>
    public StateEnvironment State { get; init; } = StateEnvironment.Memory;

    /// <summary>How often lost work is done again.</summary>
    public int MaxReruns { get; init; } = 16;
}
