using Millrace.Network;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Tasks.Input;

/// <summary>What has come on all channels of a chain's inputs, beside records. Belongs to one loop.</summary>
/// <param name="ways">What the channels are, over all inputs.</param>
/// <param name="cut">Begins when the barrier of a checkpoint has come on all of them, or overtakes what is in
/// them.</param>
/// <param name="holdsBack">Whether a channel whose barrier has come is held back until then.</param>
internal sealed class ChannelArrival(IReadOnlyList<ChannelWay> ways, CheckpointCut cut, bool holdsBack = true)
{
    /// <summary>How far time has come.</summary>
    public WatermarkValve Valve { get; } = new(ways.Count);

    /// <summary>Where the input is cut for a checkpoint.</summary>
    public CheckpointCut Cut => cut;

    /// <summary>The barriers.</summary>
    public BarrierAligner Barriers { get; } = new([.. ways.Select(way => way.MayBeOvertaken)], cut, holdsBack);

    /// <summary>The barriers, which hold back channels of a gate too from now on.</summary>
    public BarrierAligner BarriersOf(IInputGate gate)
    {
        Barriers.Add(gate);
        return Barriers;
    }
}
