using System.Collections.Immutable;
using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>An order of a job to its subtasks on one silo.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Who orders.</param>
/// <param name="Attempts">Whom it concerns.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskOrder")]
public sealed record TaskOrder(
    [property: Id(0)] JobId Job,
    [property: Id(1)] JobEpoch Epoch,
    [property: Id(2)] ImmutableArray<ExecutionAttemptId> Attempts);

/// <summary>What became of a deployment.</summary>
/// <param name="Failure">Why nothing was built, or null when everything was.</param>
/// <param name="LostPartition">What is to be read and is not there, when that is why.</param>
[GenerateSerializer, Immutable, Alias("millrace.DeploymentAnswer")]
public sealed record DeploymentAnswer(
    [property: Id(0)] FailureInfo? Failure,
    [property: Id(1)] PartitionId? LostPartition = null);
