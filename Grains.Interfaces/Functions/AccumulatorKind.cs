namespace Millrace.Functions;

/// <summary>How the partial values of an accumulator become one.</summary>
public enum AccumulatorKind
{
    /// <summary>Sum of 64-bit integers; wraps around as unchecked addition does.</summary>
    LongSum,

    /// <summary>Least of 64-bit integers.</summary>
    LongMinimum,

    /// <summary>Greatest of 64-bit integers.</summary>
    LongMaximum,

    /// <summary>Sum of doubles.</summary>
    DoubleSum,

    /// <summary>Least of doubles.</summary>
    DoubleMinimum,

    /// <summary>Greatest of doubles.</summary>
    DoubleMaximum,

    /// <summary>Mean of doubles, by their sum and number.</summary>
    DoubleAverage,
}
