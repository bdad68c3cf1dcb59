using System.Collections.Immutable;
using Millrace.Functions;

namespace Millrace.Tasks;

/// <summary>The accumulators of one subtask, shared by its operators. Belongs to one loop.</summary>
internal sealed class SubtaskAccumulators
{
    private readonly Dictionary<string, Accumulator> _byName = [];

    public TAccumulator Get<TAccumulator>(string name)
        where TAccumulator : Accumulator, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_byName.TryGetValue(name, out Accumulator? accumulator))
        {
            accumulator = new TAccumulator();
            _byName.Add(name, accumulator);
        }

        return accumulator as TAccumulator ?? throw new InvalidOperationException(
            $"Accumulator '{name}' is of type {accumulator.GetType().Name} already and cannot be " +
            $"of type {typeof(TAccumulator).Name}.");
    }

    public ImmutableArray<AccumulatorValue> Values() =>
    [
        .. _byName.Select(pair =>
            new AccumulatorValue(pair.Key, pair.Value.Kind, pair.Value.Bits, pair.Value.ValueCount)),
    ];
}
