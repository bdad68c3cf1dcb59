namespace Millrace.State;

/// <summary>Neighbouring key groups, half open.</summary>
/// <param name="First">The first key group.</param>
/// <param name="End">One past the last key group, not below <paramref name="First"/>.</param>
[GenerateSerializer, Immutable, Alias("millrace.KeyGroupRange")]
public readonly record struct KeyGroupRange([property: Id(0)] int First, [property: Id(1)] int End)
{
    /// <summary>How many key groups there are.</summary>
    public int Count => End - First;

    /// <summary>True when <paramref name="keyGroup"/> is one of them.</summary>
    public bool Contains(int keyGroup) => keyGroup >= First && keyGroup < End;

    /// <inheritdoc/>
    public override string ToString() => $"key groups {First}..{End - 1}";
}
