using System.Collections.Immutable;
using Millrace.Functions;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>What the finished subtasks of one attempt leave behind, put together.</summary>
/// <param name="Accumulators">Merged, by name.</param>
/// <param name="Committables">One entry for each sink operator that left something.</param>
/// <param name="Returned">Bytes for the client.</param>
internal sealed record JobOutcome(
    ImmutableArray<AccumulatorValue> Accumulators,
    ImmutableArray<OperatorCommittables> Committables,
    ImmutableArray<ReturnedBytes> Returned)
{
    public static readonly JobOutcome Empty = new([], [], []);
}
