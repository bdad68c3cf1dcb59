namespace Millrace.Connectors.Datagen;

/// <summary>Consecutive numbers.</summary>
/// <param name="First">The first one.</param>
/// <param name="Last">The last one; not less than <paramref name="First"/>.</param>
public readonly record struct NumberRange(long First, long Last)
{
    /// <inheritdoc/>
    public override string ToString() => $"{First} to {Last}";
}
