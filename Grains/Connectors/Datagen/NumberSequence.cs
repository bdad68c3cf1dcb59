namespace Millrace.Connectors.Datagen;

/// <summary>Whole numbers one after the other.</summary>
public static class NumberSequence
{
    /// <summary>The numbers from one to another, both included, read in parallel by ranges.</summary>
    /// <param name="from">The first number.</param>
    /// <param name="to">The last number; less than <paramref name="from"/> for no number at all.</param>
    /// <remarks>With one reading subtask in order; with several each range is in order.</remarks>
    public static Source<long, NumberRange> Source(long from, long to) => new NumberSource(from, to);
}
