using System.Collections.Immutable;
using Millrace.Jobs;

namespace Millrace.Slots;

/// <summary>The resource manager's copy of the silos' slots, and how slots are chosen from it.</summary>
internal sealed class SlotPool
{
    private readonly SortedDictionary<string, TaskManagerStatus> _silos = new(StringComparer.Ordinal);

    public IEnumerable<TaskManagerStatus> Silos => _silos.Values;

    public int Total => _silos.Values.Sum(static silo => silo.Slots.Length);

    public int Free => _silos.Values.Sum(FreeOn);

    public void Set(TaskManagerStatus status) => _silos[status.Endpoint.Silo] = status;

    public void Set(string silo, ImmutableArray<SlotStatus> slots)
    {
        if (_silos.TryGetValue(silo, out TaskManagerStatus? known))
        {
            _silos[silo] = known with { Slots = slots };
        }
    }

    public void Remove(string silo) => _silos.Remove(silo);

    public TaskManagerStatus? Find(string silo) => _silos.GetValueOrDefault(silo);

    /// <summary>Marks slots that a silo has given to a job.</summary>
    public void Reserved(string silo, ImmutableArray<int> slots, JobId job, JobEpoch epoch)
    {
        if (Find(silo) is { } known)
        {
            Set(silo, [.. known.Slots.Select(slot => slots.Contains(slot.Index)
                ? new SlotStatus(slot.Index, SlotState.Reserved, job, epoch)
                : slot)]);
        }
    }

    /// <summary>Silos on which a job has slots, as far as this copy knows.</summary>
    public IReadOnlyList<string> SilosOf(JobId job) =>
    [
        .. _silos.Values
            .Where(silo => silo.Slots.Any(slot => slot.Job == job))
            .Select(static silo => silo.Endpoint.Silo),
    ];

    /// <summary>Chooses how many slots a job is to hold on which silo: those it holds already, and others spread as
    /// evenly as free slots allow.</summary>
    /// <param name="job">The job.</param>
    /// <param name="epoch">Of the job.</param>
    /// <param name="count">How many it would like.</param>
    /// <param name="least">With how many it can do when there are no more; zero for all.</param>
    /// <param name="preferred">Where it would like to have some.</param>
    /// <returns>Null when there are not enough.</returns>
    public IReadOnlyDictionary<string, int>? Choose(
        JobId job, JobEpoch epoch, int count, int least = 0, IReadOnlyList<PreferredSilo>? preferred = null)
    {
        Dictionary<string, int> chosen = [];
        Dictionary<string, int> left = [];
        int given = 0;
        foreach ((string silo, TaskManagerStatus status) in _silos)
        {
            int held = status.Slots.Count(slot =>
                slot.State == SlotState.Reserved && slot.Job == job && slot.Epoch == epoch);
            int kept = Math.Min(held, count - given);
            if (kept > 0)
            {
                chosen[silo] = kept;
                given += kept;
            }

            left[silo] = FreeOn(status) + held - kept;
        }

        foreach (PreferredSilo wish in preferred ?? [])
        {
            int more = Math.Min(
                Math.Min(wish.Slots - chosen.GetValueOrDefault(wish.Silo), left.GetValueOrDefault(wish.Silo)),
                count - given);
            if (more > 0)
            {
                chosen[wish.Silo] = chosen.GetValueOrDefault(wish.Silo) + more;
                left[wish.Silo] -= more;
                given += more;
            }
        }

        for (; given < count; given++)
        {
            // Fewest first; among equals the silo with the most room, so that work goes where nothing else is.
            string? next = left
                .Where(static silo => silo.Value > 0)
                .OrderBy(silo => chosen.GetValueOrDefault(silo.Key))
                .ThenByDescending(static silo => silo.Value)
                .ThenBy(static silo => silo.Key, StringComparer.Ordinal)
                .Select(static silo => silo.Key)
                .FirstOrDefault();
            if (next is null)
            {
                return least > 0 && given >= least ? chosen : null;
            }

            chosen[next] = chosen.GetValueOrDefault(next) + 1;
            left[next]--;
        }

        return chosen;
    }

    /// <summary>Puts granted slots in an order in which neighbours are on different silos, as far as
    /// possible.</summary>
    public static ImmutableArray<GrantedSlot> Interleave(IEnumerable<IReadOnlyList<GrantedSlot>> bySilo) =>
    [
        .. bySilo
            .SelectMany(static silo => silo.Index())
            .OrderBy(static slot => slot.Index)
            .ThenBy(static slot => slot.Item.Silo.Silo, StringComparer.Ordinal)
            .Select(static slot => slot.Item),
    ];

    private static int FreeOn(TaskManagerStatus silo) =>
        silo.Slots.Count(static slot => slot.State == SlotState.Free);
}
