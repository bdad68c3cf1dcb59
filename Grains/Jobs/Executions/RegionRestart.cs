using Millrace.Failures;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>Subtasks of some regions on their way from one failure back to work, while the rest of the job goes
/// on.</summary>
/// <param name="attempt">Number of their new attempts.</param>
/// <param name="cause">The failure.</param>
internal sealed class RegionRestart(int attempt, FailureInfo cause)
{
    private readonly Dictionary<SubtaskExecution, GrantedSlot> _places = [];
    private readonly HashSet<ExecutionAttemptId> _former = [];
    private readonly HashSet<string> _deploying = [];

    public int Attempt => attempt;

    public FailureInfo Cause => cause;

    /// <summary>Whether the number of the new attempts is on record: whoever takes over counts on from there.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>Whether the delay before the restart is over.</summary>
    public bool IsDelayOver { get; set; }

    /// <summary>Whether silos were told to build the new attempts: from then on their places are settled.</summary>
    public bool IsOrdered { get; private set; }

    /// <summary>Whether nothing is left to wait for but slots.</summary>
    public bool IsReady => IsRecorded && IsDelayOver && !IsOrdered && _former.Count == 0;

    /// <summary>Whether all silos have built what they were told to.</summary>
    public bool IsBuilt => IsOrdered && _deploying.Count == 0;

    /// <summary>Whether former attempts have not ended.</summary>
    public bool AwaitsEnds => _former.Count > 0;

    /// <summary>The new attempts that this restart is still about.</summary>
    public IReadOnlyCollection<SubtaskExecution> Members => _places.Keys;

    /// <summary>Where they run: as long as it is there, where they ran before.</summary>
    public IReadOnlyCollection<GrantedSlot> Places => _places.Values;

    /// <summary>Adds a subtask.</summary>
    /// <param name="next">Its new attempt.</param>
    /// <param name="place">Where it ran.</param>
    /// <param name="unended">The attempt before, if that has not ended.</param>
    public void Add(SubtaskExecution next, GrantedSlot place, ExecutionAttemptId? unended)
    {
        _places.Add(next, place);
        if (unended is { } former)
        {
            _former.Add(former);
        }
    }

    /// <summary>A new attempt has failed as well, and is the business of another restart.</summary>
    /// <returns>Where it was to run, if it was one of these.</returns>
    public GrantedSlot? Remove(SubtaskExecution member) =>
        _places.Remove(member, out GrantedSlot? place) ? place : null;

    /// <summary>A former attempt has ended.</summary>
    public void Ended(ExecutionAttemptId former) => _former.Remove(former);

    public GrantedSlot PlaceOf(SubtaskExecution member) => _places[member];

    /// <summary>A place is gone: its subtasks move together, since they may share a slot. Silos are told
    /// later.</summary>
    public void Move(GrantedSlot from, GrantedSlot to)
    {
        foreach (SubtaskExecution member in _places.Keys.Where(member => _places[member] == from).ToArray())
        {
            _places[member] = to;
        }
    }

    /// <summary>Silos were told to build the new attempts.</summary>
    public void Ordered(IEnumerable<string> silos)
    {
        IsOrdered = true;
        _deploying.UnionWith(silos);
    }

    /// <summary>A silo has built what it was told to, or never will.</summary>
    public void Answered(string silo) => _deploying.Remove(silo);
}
