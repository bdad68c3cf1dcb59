using System.Collections.Immutable;
using Millrace.Functions;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>Puts together what finished subtasks leave, in whatever order they finish.</summary>
/// <param name="maxReturnedBytes">Most bytes for the client, over all subtasks.</param>
internal sealed class OutcomeBuilder(long maxReturnedBytes)
{
    private readonly SortedDictionary<string, AccumulatorValue> _accumulators = new(StringComparer.Ordinal);
    private readonly List<(int Subtask, OperatorCommittables Committables)> _committables = [];
    private readonly List<ReturnedBytes> _returned = [];
    private long _returnedBytes;

    public ImmutableArray<AccumulatorValue> Accumulators => [.. _accumulators.Values];

    /// <summary>Adds what one subtask leaves.</summary>
    /// <exception cref="ArgumentException">An accumulator is of another kind than its namesake.</exception>
    /// <exception cref="ResultTooLargeException">More bytes for the client than are allowed.</exception>
    public void Add(int subtask, TaskResult result)
    {
        foreach (AccumulatorValue value in result.Accumulators)
        {
            _accumulators[value.Name] = _accumulators.TryGetValue(value.Name, out AccumulatorValue? other)
                ? other.Merge(value)
                : value;
        }

        foreach (ReturnedBytes returned in result.Returned)
        {
            _returnedBytes += returned.Bytes.Length;
            if (_returnedBytes > maxReturnedBytes)
            {
                throw new ResultTooLargeException(_returnedBytes, maxReturnedBytes);
            }

            _returned.Add(returned);
        }

        _committables.AddRange(result.Committables.Select(committables => (subtask, committables)));
    }

    /// <summary>The same whatever the order of the calls before.</summary>
    public JobOutcome Build() => new(
        Accumulators,
        OperatorCommittables.BySink(
            _committables.OrderBy(static entry => entry.Subtask).Select(static entry => entry.Committables)),
        [
            .. _returned
                .OrderBy(static returned => returned.Name, StringComparer.Ordinal)
                .ThenBy(static returned => returned.Subtask),
        ]);
}
