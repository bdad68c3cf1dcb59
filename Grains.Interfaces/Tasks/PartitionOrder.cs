using System.Collections.Immutable;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>An order of a job about the finished partitions on one silo.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Who orders.</param>
/// <param name="Partitions">Which ones.</param>
/// <param name="Readers">Who is to get them: of each partition those subtasks that it has something for. Empty when
/// they are to be removed.</param>
[GenerateSerializer, Immutable, Alias("millrace.PartitionOrder")]
public sealed record PartitionOrder(
    [property: Id(0)] JobId Job,
    [property: Id(1)] JobEpoch Epoch,
    [property: Id(2)] ImmutableArray<PartitionId> Partitions,
    [property: Id(3)] ImmutableArray<PartitionReader> Readers);

/// <summary>A consumer on another silo.</summary>
/// <param name="Consumer">The attempt that reads.</param>
/// <param name="Exchange">Where the exchange of its silo listens.</param>
[GenerateSerializer, Immutable, Alias("millrace.PartitionReader")]
public sealed record PartitionReader(
    [property: Id(0)] ExecutionAttemptId Consumer,
    [property: Id(1)] string Exchange);
