using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Reading;

/// <summary>A share of the events: every so-many-th block of positions, so that all lanes get on in event time
/// together.</summary>
/// <param name="Next">The first position to be read; a later one in the same lane is how a reader resumes.</param>
/// <param name="End">All positions are less.</param>
/// <param name="Lanes">Number of lanes.</param>
public readonly record struct EventLane(long Next, long End, int Lanes)
{
    /// <summary>Positions in a row: whole periods, so that every lane has its share of persons.</summary>
    public const int Block = 20 * EventNumbering.Period;

    /// <summary>Whether nothing is left to read.</summary>
    public bool IsEmpty => Next >= End;

    /// <summary>Positions that may be read in a row from <see cref="Next"/> on; none when nothing is left.</summary>
    public long Run => Math.Max(0, Math.Min(Block - (Next % Block), End - Next));

    /// <summary>A lane from its beginning.</summary>
    /// <param name="lane">From 0, below <paramref name="lanes"/>.</param>
    /// <param name="lanes">Number of lanes.</param>
    /// <param name="events">Events of all lanes together.</param>
    public static EventLane Of(int lane, int lanes, long events) => new((long)lane * Block, events, lanes);

    /// <summary>What is left after some of a <see cref="Run"/>.</summary>
    /// <param name="count">Positions that were read, at most as many as the run has.</param>
    public EventLane After(int count)
    {
        long next = Next + count;
        long others = (Lanes - 1L) * Block;
        bool leaves = count > 0 && next % Block == 0;

        // Not by adding first: the end may be close to the greatest number.
        return this with { Next = leaves ? next + Math.Min(others, End - Math.Min(next, End)) : next };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"positions {Next} to {End}, {Block} of every {(long)Block * Lanes}";
}
