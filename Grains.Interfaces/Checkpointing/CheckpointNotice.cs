using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>Tells the subtasks on one silo what became of checkpoints. May be lost: a later one says more.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Who tells.</param>
/// <param name="Completed">Number of the latest checkpoint that is complete; 0 before the first.</param>
/// <param name="Ended">Number of the latest checkpoint that is over, complete or not: up to it, nothing is waited for
/// any more.</param>
/// <param name="Attempts">The subtasks.</param>
[GenerateSerializer, Immutable, Alias("millrace.CheckpointNotice")]
public sealed record CheckpointNotice(
    [property: Id(0)] JobId Job,
    [property: Id(1)] JobEpoch Epoch,
    [property: Id(2)] long Completed,
    [property: Id(3)] long Ended,
    [property: Id(4)] ImmutableArray<ExecutionAttemptId> Attempts);
