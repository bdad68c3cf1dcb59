using Millrace.Network;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Tasks.Input;

/// <summary>What has come on all channels of a chain's inputs, beside records. Belongs to one loop.</summary>
/// <param name="channels">Number of channels, over all inputs.</param>
/// <param name="cut">Begins when the barrier of a checkpoint has come on all of them.</param>
internal sealed class ChannelArrival(int channels, CheckpointCut cut)
{
    private readonly BarrierAligner _barriers = new(channels, cut);

    /// <summary>How far time has come.</summary>
    public WatermarkValve Valve { get; } = new(channels);

    /// <summary>Where the input is cut for a checkpoint.</summary>
    public CheckpointCut Cut => cut;

    /// <summary>The barriers, which hold back channels of a gate too from now on.</summary>
    public BarrierAligner BarriersOf(IInputGate gate)
    {
        _barriers.Add(gate);
        return _barriers;
    }
}
