namespace Millrace.Functions;

/// <summary>
/// A value each subtask builds for itself; the partial values are merged and come back with the job's result.
/// </summary>
/// <remarks>Not thread-safe: it belongs to the subtask's loop.</remarks>
public abstract class Accumulator
{
    /// <summary>How partial values are merged.</summary>
    public abstract AccumulatorKind Kind { get; }

    internal abstract long Bits { get; }

    // Of an average, the number of values.
    internal virtual long ValueCount => 0;
}

/// <summary>Adds up 64-bit integers.</summary>
public sealed class LongCounter : Accumulator
{
    /// <inheritdoc/>
    public override AccumulatorKind Kind => AccumulatorKind.LongSum;

    /// <summary>The sum so far.</summary>
    public long Value { get; private set; }

    internal override long Bits => Value;

    /// <summary>Adds to the sum.</summary>
    public void Add(long value) => Value = unchecked(Value + value);
}

/// <summary>Keeps the least 64-bit integer; <see cref="long.MaxValue"/> before the first.</summary>
public sealed class LongMinimum : Accumulator
{
    /// <inheritdoc/>
    public override AccumulatorKind Kind => AccumulatorKind.LongMinimum;

    /// <summary>The least value so far.</summary>
    public long Value { get; private set; } = long.MaxValue;

    internal override long Bits => Value;

    /// <summary>Offers a value.</summary>
    public void Add(long value) => Value = Math.Min(Value, value);
}

/// <summary>Keeps the greatest 64-bit integer; <see cref="long.MinValue"/> before the first.</summary>
public sealed class LongMaximum : Accumulator
{
    /// <inheritdoc/>
    public override AccumulatorKind Kind => AccumulatorKind.LongMaximum;

    /// <summary>The greatest value so far.</summary>
    public long Value { get; private set; } = long.MinValue;

    internal override long Bits => Value;

    /// <summary>Offers a value.</summary>
    public void Add(long value) => Value = Math.Max(Value, value);
}

/// <summary>Adds up doubles.</summary>
public sealed class DoubleCounter : Accumulator
{
    /// <inheritdoc/>
    public override AccumulatorKind Kind => AccumulatorKind.DoubleSum;

    /// <summary>The sum so far.</summary>
    public double Value { get; private set; }

    internal override long Bits => BitConverter.DoubleToInt64Bits(Value);

    /// <summary>Adds to the sum.</summary>
    public void Add(double value) => Value += value;
}

/// <summary>Keeps the least double; positive infinity before the first.</summary>
public sealed class DoubleMinimum : Accumulator
{
    /// <inheritdoc/>
    public override AccumulatorKind Kind => AccumulatorKind.DoubleMinimum;

    /// <summary>The least value so far.</summary>
    public double Value { get; private set; } = double.PositiveInfinity;

    internal override long Bits => BitConverter.DoubleToInt64Bits(Value);

    /// <summary>Offers a value.</summary>
    public void Add(double value) => Value = Math.Min(Value, value);
}

/// <summary>Keeps the greatest double; negative infinity before the first.</summary>
public sealed class DoubleMaximum : Accumulator
{
    /// <inheritdoc/>
    public override AccumulatorKind Kind => AccumulatorKind.DoubleMaximum;

    /// <summary>The greatest value so far.</summary>
    public double Value { get; private set; } = double.NegativeInfinity;

    internal override long Bits => BitConverter.DoubleToInt64Bits(Value);

    /// <summary>Offers a value.</summary>
    public void Add(double value) => Value = Math.Max(Value, value);
}

/// <summary>Keeps the mean of doubles; not a number before the first.</summary>
public sealed class DoubleAverage : Accumulator
{
    private double _sum;

    /// <inheritdoc/>
    public override AccumulatorKind Kind => AccumulatorKind.DoubleAverage;

    /// <summary>The mean so far.</summary>
    public double Value => _sum / Count;

    /// <summary>Number of values so far.</summary>
    public long Count { get; private set; }

    internal override long Bits => BitConverter.DoubleToInt64Bits(_sum);

    internal override long ValueCount => Count;

    /// <summary>Offers a value.</summary>
    public void Add(double value)
    {
        _sum += value;
        Count++;
    }
}
