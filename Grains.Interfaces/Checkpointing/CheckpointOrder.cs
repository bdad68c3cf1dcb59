using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>An order of a job to the sources on one silo: the cut of a checkpoint begins with them.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Who orders.</param>
/// <param name="Checkpoint">Number of the checkpoint, from 1; greater than any before.</param>
/// <param name="Attempts">The source subtasks; for an order to go on, all subtasks.</param>
/// <param name="Savepoint">Where it goes and what becomes of the job, when it is a savepoint; null for a checkpoint of
/// the job's own.</param>
[GenerateSerializer, Immutable, Alias("millrace.CheckpointOrder")]
public sealed record CheckpointOrder(
    [property: Id(0)] JobId Job,
    [property: Id(1)] JobEpoch Epoch,
    [property: Id(2)] long Checkpoint,
    [property: Id(3)] ImmutableArray<ExecutionAttemptId> Attempts,
    [property: Id(4)] SavepointOrder? Savepoint = null);
