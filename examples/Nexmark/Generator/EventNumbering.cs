namespace Millrace.Examples.Nexmark.Generator;

/// <summary>What follows from the number of an event alone: its kind, its time, and the ids given out before
/// it.</summary>
/// <remarks>Events are numbered from 0. The <em>position</em> of an event is its place in the stream: the same as its
/// number, unless events come out of order.</remarks>
public sealed class EventNumbering
{
    /// <summary>2015-07-15T00:00Z in milliseconds since 1970-01-01.</summary>
    public const long DefaultBaseTime = 1_436_918_400_000;

    /// <summary>The rate for which the golden results hold.</summary>
    public const int DefaultRate = 10_000;

    /// <summary>Id of the first person and of the first auction.</summary>
    public const long FirstId = 1_000;

    /// <summary>Events that repeat in the same order of kinds: one person, three auctions, 46 bids.</summary>
    public const int Period = 50;

    /// <summary>Beyond it, the time between two events would be rounded to nothing.</summary>
    public const int MaxRate = 2_000_000;

    /// <summary>Auctions come 3 in 50, so this event is the one about which 100 more auctions are open.</summary>
    private const int HorizonEvents = 100 * Period / AuctionsPerPeriod;

    private const int AuctionsPerPeriod = 3;
    private const int FirstBid = 1 + AuctionsPerPeriod;

    // Numbers within a group are shuffled by multiplying with this prime.
    private const int Shuffle = 953;

    private readonly long _delayMicroseconds;

    /// <param name="rate">Events for each second of event time, 1 to <see cref="MaxRate"/>.</param>
    /// <param name="outOfOrderGroup">Events that come in another order among themselves, from 1; no multiple of
    /// 953.</param>
    /// <param name="baseTime">Time of the first event, in milliseconds since 1970-01-01 UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its bounds.</exception>
    public EventNumbering(
        int rate = DefaultRate, int outOfOrderGroup = 1, long baseTime = DefaultBaseTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, MaxRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(outOfOrderGroup, 1);
        if (!IsGroup(outOfOrderGroup))
        {
            throw new ArgumentOutOfRangeException(
                nameof(outOfOrderGroup),
                outOfOrderGroup,
                $"A multiple of {Shuffle} would lose events: another size of group is needed.");
        }

        Rate = rate;
        OutOfOrderGroup = outOfOrderGroup;
        BaseTime = baseTime;
        _delayMicroseconds = (1_000_000L + (rate / 2)) / rate;
    }

    /// <summary>Events for each second of event time.</summary>
    public int Rate { get; }

    /// <summary>Events that come in another order among themselves; 1 for in order.</summary>
    public int OutOfOrderGroup { get; }

    /// <summary>Time of the first event, in milliseconds since 1970-01-01 UTC.</summary>
    public long BaseTime { get; }

    /// <summary>How far an event may lie behind a later one that came before it.</summary>
    public TimeSpan MaxOutOfOrderness =>
        TimeSpan.FromMilliseconds(((OutOfOrderGroup - 1) * _delayMicroseconds / 1000) + (OutOfOrderGroup > 1 ? 1 : 0));

    /// <summary>Whether a number of events can be shuffled without losing any.</summary>
    public static bool IsGroup(int events) => events >= 1 && events % Shuffle != 0;

    /// <summary>Whether the event is a person.</summary>
    public static bool IsPerson(long number) => number % Period == 0;

    /// <summary>Whether the event is an auction.</summary>
    public static bool IsAuction(long number) => number % Period is >= 1 and < FirstBid;

    /// <summary>Number, from 0, of the last person up to and including this event.</summary>
    public static long LastPerson(long number) => number / Period;

    /// <summary>Number, from 0, of the last auction up to and including this event; -1 before the first.</summary>
    public static long LastAuction(long number)
    {
        (long period, long offset) = Math.DivRem(number, Period);
        return (period * AuctionsPerPeriod) + Math.Min(offset, AuctionsPerPeriod) - 1;
    }

    /// <summary>The number of the event at a position.</summary>
    public long NumberAt(long position)
    {
        if (OutOfOrderGroup == 1)
        {
            return position;
        }

        long within = position % OutOfOrderGroup;
        return position - within + (within * Shuffle % OutOfOrderGroup);
    }

    /// <summary>Event time, in milliseconds since 1970-01-01 UTC.</summary>
    public long TimeOf(long number) => BaseTime + (number * _delayMicroseconds / 1000);

    /// <summary>From the event to the one about which 100 more auctions are open, in milliseconds.</summary>
    public long HorizonOf(long number) => TimeOf(number + HorizonEvents) - TimeOf(number);
}
