using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Slots;

/// <summary>A job asks for slots. Asked again by the same epoch it is the same request.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Who asks.</param>
/// <param name="Groups">How many slots each of its slot sharing groups needs.</param>
/// <param name="UpTo">Longest wait for free slots; at most <see cref="IResourceManagerGrain.LongestWait"/>.</param>
/// <param name="Least">With how many it can do, when there are no more; zero when it needs all.</param>
/// <param name="Preferred">Where it ran before and has left copies of its state; null when that is nowhere.</param>
[GenerateSerializer, Immutable, Alias("millrace.SlotRequest")]
public sealed record SlotRequest(
    [property: Id(0)] JobId Job,
    [property: Id(1)] JobEpoch Epoch,
    [property: Id(2)] ImmutableArray<SlotDemand> Groups,
    [property: Id(3)] TimeSpan UpTo,
    [property: Id(4)] int Least = 0,
    [property: Id(5)] IReadOnlyList<PreferredSilo>? Preferred = null);

/// <summary>What one slot sharing group needs.</summary>
/// <param name="Group">The group.</param>
/// <param name="Slots">From 1: the parallelism of its widest vertex.</param>
[GenerateSerializer, Immutable, Alias("millrace.SlotDemand")]
public sealed record SlotDemand(
    [property: Id(0)] string Group,
    [property: Id(1)] int Slots);

/// <summary>A silo that a job would like to have slots of.</summary>
/// <param name="Silo">As <c>SiloAddress.ToParsableString()</c> writes it.</param>
/// <param name="Slots">How many, from 1.</param>
[GenerateSerializer, Immutable, Alias("millrace.PreferredSilo")]
public sealed record PreferredSilo(
    [property: Id(0)] string Silo,
    [property: Id(1)] int Slots);

/// <summary>The answer to a <see cref="SlotRequest"/>: all slots or none.</summary>
/// <param name="Slots">The slots, or empty when there were not enough.</param>
/// <param name="FreeSlots">Free slots of the cluster when the answer was given.</param>
/// <param name="TotalSlots">All slots of the cluster then.</param>
[GenerateSerializer, Immutable, Alias("millrace.SlotAnswer")]
public sealed record SlotAnswer(
    [property: Id(0)] ImmutableArray<GrantedSlot> Slots,
    [property: Id(1)] int FreeSlots,
    [property: Id(2)] int TotalSlots);

/// <summary>A slot that a job holds.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="SiloName">The silo's name.</param>
/// <param name="Index">Zero-based index on the silo.</param>
[GenerateSerializer, Immutable, Alias("millrace.GrantedSlot")]
public sealed record GrantedSlot(
    [property: Id(0)] SiloEndpoint Silo,
    [property: Id(1)] string SiloName,
    [property: Id(2)] int Index);
