namespace Millrace.Network;

/// <summary>One input of a subtask.</summary>
/// <param name="Name">The subtask, for errors: <c>'Count' (2/4)</c>.</param>
/// <param name="Channels">One for each producing subtask that sends here; the index is the channel's number.</param>
/// <param name="HasTimestamps">Whether the edge carries timestamps.</param>
/// <param name="BatchSize">Records per batch decoded, or null for as many as fit the budget.</param>
internal sealed record InputGateSpec(
    string Name, IReadOnlyList<InputChannelSpec> Channels, bool HasTimestamps = false, int? BatchSize = null);

/// <summary>One channel of an input.</summary>
/// <param name="Id">The same at both ends.</param>
/// <param name="IsRemote">Whether the producer runs, or ran, on another silo.</param>
/// <param name="IsBlocking">Whether the producer has ended and left a partition.</param>
/// <param name="Way">Where its records come from, and whether barriers may overtake them.</param>
internal readonly record struct InputChannelSpec(
    ChannelId Id, bool IsRemote, bool IsBlocking = false, ChannelWay Way = default);

/// <summary>What a channel is to the program, in whatever attempt.</summary>
/// <param name="Edge">Which edge it belongs to: the operator that writes, and the tag of a side output.</param>
/// <param name="Producers">Number of subtasks that write along that edge.</param>
/// <param name="MayBeOvertaken">Whether its records may become a part of a checkpoint: wherever they go after a
/// restart with other subtasks, they may go there.</param>
internal readonly record struct ChannelWay(string Edge, int Producers, bool MayBeOvertaken);
