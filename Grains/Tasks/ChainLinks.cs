using Millrace.Graph;
using Millrace.Network;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Tasks;

/// <summary>The ways of a chain from and to other subtasks.</summary>
/// <param name="program">What it is a part of.</param>
internal sealed class ChainLinks(StreamGraph program)
{
    /// <summary>What it is a part of.</summary>
    public StreamGraph Program => program;

    /// <summary>Where input comes from; none when a source is the head.</summary>
    public List<InputLink> Inputs { get; } = [];

    /// <summary>In the order in which they were built.</summary>
    public List<OutputLink> Outputs { get; } = [];

    /// <summary>Inputs of all operators, from the tails to the head, as checkpoints see them.</summary>
    public List<ChainInput> InFlight { get; } = [];

    /// <summary>The outputs as checkpoints see them.</summary>
    public List<ChainOutput> Leaving { get; } = [];
}

/// <summary>An input and what it was made from.</summary>
/// <param name="Spec">Its channels, those of an edge beside each other.</param>
/// <param name="Gate">The input.</param>
internal sealed record InputLink(InputGateSpec Spec, IInputGate Gate);

/// <summary>An output and what it was made from.</summary>
/// <param name="Spec">Its edge and targets.</param>
/// <param name="Output">The output.</param>
internal sealed record OutputLink(OutputSpec Spec, IPartitionOutput Output);
