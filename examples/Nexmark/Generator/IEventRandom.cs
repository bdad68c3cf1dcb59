namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Chance for one event: everything about it follows from its number.</summary>
/// <remarks>A struct, so that the generator is compiled for it.</remarks>
/// <typeparam name="TSelf">The type that implements it.</typeparam>
public interface IEventRandom<TSelf>
    where TSelf : struct, IEventRandom<TSelf>
{
    /// <summary>The chance of an event.</summary>
    static abstract TSelf Of(long number);

    /// <summary>A number from 0 to below the bound.</summary>
    int Below(int bound);

    /// <summary>A number from 0 to below 1.</summary>
    double Fraction();

    /// <summary>Fills a text with characters.</summary>
    void Fill(Span<char> text);
}
