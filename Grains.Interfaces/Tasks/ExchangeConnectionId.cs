using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>A connection between the exchanges of two silos that is made of grain calls. Random, so that nobody else
/// can write to it.</summary>
/// <param name="Value">128 random bits.</param>
[GenerateSerializer, Immutable, Alias("millrace.ExchangeConnectionId")]
public readonly record struct ExchangeConnectionId([property: Id(0)] Id128 Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
