namespace Millrace.Operators.Windows;

/// <summary>What some of the slices of a window come to for a key, if any has it.</summary>
internal struct TotalPart<TAccumulator>(TAccumulator value)
{
    public TAccumulator Value = value;

    /// <summary>Whether one has it.</summary>
    public readonly bool IsThere = true;
}
