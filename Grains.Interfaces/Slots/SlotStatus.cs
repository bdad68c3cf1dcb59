using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Slots;

/// <summary>Room for one slice of a pipeline on a silo, and who has it.</summary>
/// <param name="Index">Zero-based index on the silo.</param>
/// <param name="State">Whether it can be had.</param>
/// <param name="Job">The job it belongs to, or null.</param>
/// <param name="Epoch">The epoch of that job that holds it, or <see cref="JobEpoch.None"/>.</param>
[GenerateSerializer, Immutable, Alias("millrace.SlotStatus")]
public sealed record SlotStatus(
    [property: Id(0)] int Index,
    [property: Id(1)] SlotState State,
    [property: Id(2)] JobId? Job,
    [property: Id(3)] JobEpoch Epoch);

/// <summary>Whether a slot can be had.</summary>
public enum SlotState
{
    /// <summary>Nobody has it.</summary>
    Free,

    /// <summary>A job has it.</summary>
    Reserved,

    /// <summary>A job has given it back, but something of it still runs there.</summary>
    Releasing,

    /// <summary>Given up: a subtask in it did not stop in time. It comes back with a new process only.</summary>
    Lost,
}

/// <summary>One silo of the cluster as a place for subtasks.</summary>
/// <param name="Endpoint">Its Orleans address and where its data exchange listens.</param>
/// <param name="Name">Its name.</param>
/// <param name="Slots">By index.</param>
/// <param name="RunningTasks">Subtasks of all jobs that have not ended.</param>
/// <param name="Degradation">Why it should be replaced, or null when it is sound.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskManagerStatus")]
public sealed record TaskManagerStatus(
    [property: Id(0)] SiloEndpoint Endpoint,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<SlotStatus> Slots,
    [property: Id(3)] int RunningTasks,
    [property: Id(4)] string? Degradation);

/// <summary>The cluster's slots.</summary>
/// <param name="TaskManagers">The silos that have registered, by name.</param>
/// <param name="WaitingJobs">Jobs that wait for slots.</param>
[GenerateSerializer, Immutable, Alias("millrace.ResourceOverview")]
public sealed record ResourceOverview(
    [property: Id(0)] ImmutableArray<TaskManagerStatus> TaskManagers,
    [property: Id(1)] ImmutableArray<JobId> WaitingJobs)
{
    /// <summary>All slots, whatever their state.</summary>
    public int TotalSlots => TaskManagers.Sum(static silo => silo.Slots.Length);

    /// <summary>Slots that can be had.</summary>
    public int FreeSlots =>
        TaskManagers.Sum(static silo => silo.Slots.Count(static slot => slot.State == SlotState.Free));
}
