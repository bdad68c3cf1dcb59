using System.Collections.Immutable;
using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Slots;

/// <summary>The slots of this silo and who has them: the truth about them, of which everything else is a copy.
/// Thread-safe.</summary>
internal sealed class SlotTable
{
    private readonly Lock _gate = new();
    private readonly SlotStatus[] _slots;
    private readonly SiloIdentity _silo;
    private readonly List<string> _lost = [];
    private TaskCompletionSource _changed = NewSignal();

    public SlotTable(int count, SiloIdentity silo)
    {
        _silo = silo;
        _slots = [.. Enumerable.Range(0, count).Select(Free)];
    }

    /// <summary>Ends with the next change after it was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Why this silo should be replaced, or null.</summary>
    public string? Degradation
    {
        get
        {
            lock (_gate)
            {
                return _lost.Count == 0 ? null : $"{_lost.Count} of {_slots.Length} slots are lost: {_lost[^1]}";
            }
        }
    }

    public ImmutableArray<SlotStatus> Statuses
    {
        get
        {
            lock (_gate)
            {
                return [.. _slots];
            }
        }
    }

    /// <summary>Gives free slots to a job until it holds a number of them: all or none.</summary>
    /// <returns>The slots it holds; empty when there are not enough.</returns>
    /// <exception cref="StaleEpochException">A newer epoch of the job holds slots here.</exception>
    public ImmutableArray<int> Reserve(JobId job, JobEpoch epoch, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            RequireNewest(job, epoch);
            List<int> held = [.. _slots.Where(slot => IsHeld(slot, job, epoch)).Select(static slot => slot.Index)];
            List<int> free =
            [
                .. _slots.Where(static slot => slot.State == SlotState.Free)
                    .Select(static slot => slot.Index)
                    .Take(count - held.Count),
            ];
            if (held.Count + free.Count < count)
            {
                return [];
            }

            free.ForEach(index => Set(new SlotStatus(index, SlotState.Reserved, job, epoch)));
            return [.. held.Concat(free).Order()];
        }
    }

    /// <summary>Gives one slot to a job.</summary>
    /// <returns>False when somebody else has it.</returns>
    public bool TryReserve(int index, JobId job, JobEpoch epoch)
    {
        lock (_gate)
        {
            RequireNewest(job, epoch);
            if (IsHeld(At(index), job, epoch))
            {
                return true;
            }

            if (_slots[index].State != SlotState.Free)
            {
                return false;
            }

            Set(new SlotStatus(index, SlotState.Reserved, job, epoch));
            return true;
        }
    }

    /// <summary>Takes back slots of a job's epoch and of older ones.</summary>
    /// <param name="job">The job.</param>
    /// <param name="epoch">The newest epoch concerned.</param>
    /// <param name="stillRunning">Whether anything of the job still runs here: then <see cref="Settle"/> frees
    /// them.</param>
    /// <param name="only">One slot, or null for all.</param>
    public void Release(JobId job, JobEpoch epoch, bool stillRunning, int? only = null)
    {
        lock (_gate)
        {
            foreach (SlotStatus slot in _slots)
            {
                bool concerned = slot.Job == job && slot.Epoch <= epoch && (only ?? slot.Index) == slot.Index;
                if (concerned && slot.State is (SlotState.Reserved or SlotState.Releasing))
                {
                    Set(stillRunning ? slot with { State = SlotState.Releasing } : Free(slot.Index));
                }
            }
        }
    }

    /// <summary>Frees slots that were given back and in which nothing runs any more.</summary>
    public void Settle(Func<JobId, bool> stillRuns)
    {
        lock (_gate)
        {
            foreach (SlotStatus slot in _slots)
            {
                if (slot is { State: SlotState.Releasing, Job: { } job } && !stillRuns(job))
                {
                    Set(Free(slot.Index));
                }
            }
        }
    }

    /// <summary>Gives up a slot for the life of this process.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="reason">For people.</param>
    public void GiveUp(int index, string reason)
    {
        lock (_gate)
        {
            if (At(index).State != SlotState.Lost)
            {
                _lost.Add(reason);
                Set(_slots[index] with { State = SlotState.Lost });
            }
        }
    }

    /// <summary>Makes sure that a job holds a slot.</summary>
    /// <exception cref="SlotNotHeldException">It does not.</exception>
    public void RequireHeld(JobId job, JobEpoch epoch, int index)
    {
        lock (_gate)
        {
            SlotStatus? slot = (uint)index < (uint)_slots.Length ? _slots[index] : null;
            if (slot is null || !IsHeld(slot, job, epoch))
            {
                string found = slot is null
                    ? $"the silo has {_slots.Length} slots"
                    : $"it is {slot.State}, {slot.Epoch} of job {slot.Job?.ToString() ?? "none"}";
                throw new SlotNotHeldException(job, epoch, index, _silo.Display, found);
            }
        }
    }

    private static bool IsHeld(SlotStatus slot, JobId job, JobEpoch epoch) =>
        slot.State == SlotState.Reserved && slot.Job == job && slot.Epoch == epoch;

    private static SlotStatus Free(int index) => new(index, SlotState.Free, null, JobEpoch.None);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SlotStatus At(int index) => (uint)index < (uint)_slots.Length
        ? _slots[index]
        : throw new ArgumentOutOfRangeException(
            nameof(index), index, $"Silo {_silo.Display} has {_slots.Length} slots, counted from zero.");

    private void RequireNewest(JobId job, JobEpoch epoch)
    {
        foreach (SlotStatus slot in _slots)
        {
            if (slot.Job == job && slot.Epoch > epoch)
            {
                throw new StaleEpochException(job, epoch, slot.Epoch);
            }
        }
    }

    private void Set(SlotStatus slot)
    {
        if (_slots[slot.Index] == slot)
        {
            return;
        }

        _slots[slot.Index] = slot;
        _changed.TrySetResult();
        _changed = NewSignal();
    }
}
