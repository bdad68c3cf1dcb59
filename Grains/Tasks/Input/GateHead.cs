using Millrace.Operators;
using Millrace.Operators.Sources;

namespace Millrace.Tasks.Input;

/// <summary>The head of a chain that takes its input, or its two inputs, from other subtasks.</summary>
/// <remarks>The inputs are read in turn, an element each, so that none starves; the next element is taken when the one
/// before is worked off, whichever input it came from.</remarks>
/// <param name="step">The first operator of the chain.</param>
/// <param name="sides">Its inputs.</param>
/// <param name="arrival">Time and barriers of all channels of all inputs.</param>
/// <param name="clock">Of the loop's rounds.</param>
/// <param name="whole">The input that is read to its end before any other one, or null.</param>
internal sealed class GateHead(
    StreamOperator step, GateSide[] sides, ChannelArrival arrival, RoundClock clock, GateSide? whole = null)
    : IChainHead
{
    private int _turn;

    public long Records => sides.Sum(side => side.Records);

    public long Batches => sides.Sum(side => side.Batches);

    public long Watermark => arrival.Valve.Watermark;

    public bool HasSeenEnd => arrival.Valve.HasEnded;

    private bool IsEmpty
    {
        get
        {
            foreach (GateSide side in sides)
            {
                if (!side.IsEmpty)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public long OvertakesAt => arrival.Barriers.OvertakesAt;

    public void LookAhead(long now)
    {
        foreach (GateSide side in sides)
        {
            side.LookAhead();
        }

        arrival.Barriers.Overtake(now);
    }

    public HeadStatus Run()
    {
        while (true)
        {
            if (step.IsFinished)
            {
                return HeadStatus.Finished;
            }

            if (!IsEmpty)
            {
                return clock.IsOver ? HeadStatus.Ready : HeadStatus.Backpressured;
            }

            if (clock.IsOver || arrival.Cut.IsUnderWay)
            {
                return HeadStatus.Ready;
            }

            if (!step.CanTake)
            {
                return HeadStatus.Backpressured;
            }

            if (arrival.Valve.HasEnded || !TryTake())
            {
                return HeadStatus.Idle;
            }
        }
    }

    // A record that came over an edge no longer knows which source read it.
    public string? DescribePosition(int index) => null;

    public void Dispose()
    {
        foreach (GateSide side in sides)
        {
            side.Dispose();
        }
    }

    private bool TryTake()
    {
        if (whole is { HasEnded: false })
        {
            return whole.TryTake();
        }

        for (int asked = 0; asked < sides.Length; asked++)
        {
            GateSide side = sides[_turn];
            _turn = _turn + 1 == sides.Length ? 0 : _turn + 1;
            if (side.TryTake())
            {
                return true;
            }
        }

        return false;
    }
}
