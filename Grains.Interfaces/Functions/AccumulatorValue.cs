using System.Text.Json.Serialization;

namespace Millrace.Functions;

/// <summary>The value of an accumulator as it crosses a wire.</summary>
/// <param name="Name">The accumulator's name, unique in its job.</param>
/// <param name="Kind">How two values become one.</param>
/// <param name="Bits">The 64-bit integer, or the bits of the double; of an average, those of the sum.</param>
/// <param name="Count">Number of values that an average is of; else 0.</param>
[GenerateSerializer, Immutable, Alias("millrace.AccumulatorValue")]
public sealed record AccumulatorValue(
    [property: Id(0)] string Name,
    [property: Id(1)] AccumulatorKind Kind,
    [property: Id(2)] long Bits,
    [property: Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Count = 0)
{
    /// <summary>The value, when it is a 64-bit integer.</summary>
    public long Long => Bits;

    /// <summary>The value, when it is a double.</summary>
    public double Double => Kind == AccumulatorKind.DoubleAverage ? Sum / Count : Sum;

    private double Sum => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>Merges two partial values.</summary>
    /// <exception cref="ArgumentException">The other value is of another kind.</exception>
    public AccumulatorValue Merge(AccumulatorValue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Kind != Kind)
        {
            throw new ArgumentException(
                $"Accumulator '{Name}' is of kind {Kind} here and of kind {other.Kind} there.", nameof(other));
        }

        return this with { Bits = MergedBits(other), Count = Count + other.Count };
    }

    private long MergedBits(AccumulatorValue other) => Kind switch
    {
        AccumulatorKind.LongSum => unchecked(Bits + other.Bits),
        AccumulatorKind.LongMinimum => Math.Min(Bits, other.Bits),
        AccumulatorKind.LongMaximum => Math.Max(Bits, other.Bits),
        AccumulatorKind.DoubleSum or AccumulatorKind.DoubleAverage =>
            BitConverter.DoubleToInt64Bits(Sum + other.Sum),
        AccumulatorKind.DoubleMinimum => BitConverter.DoubleToInt64Bits(Math.Min(Double, other.Double)),
        AccumulatorKind.DoubleMaximum => BitConverter.DoubleToInt64Bits(Math.Max(Double, other.Double)),
        _ => throw new ArgumentOutOfRangeException(nameof(other), Kind, "Unknown kind of accumulator."),
    };
}
