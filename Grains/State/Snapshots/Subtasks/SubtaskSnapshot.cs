namespace Millrace.State.Snapshots.Subtasks;

/// <summary>What a subtask keeps in a checkpoint.</summary>
/// <param name="Operators">What each of its operators keeps, by the operator's id.</param>
/// <param name="Incoming">What was on its way to its operators and stood with this subtask.</param>
/// <param name="Outgoing">What was on its way to operators of others and had not been sent yet.</param>
internal sealed record SubtaskSnapshot(
    IReadOnlyDictionary<string, OperatorSnapshot> Operators,
    IReadOnlyList<InFlightSection> Incoming,
    IReadOnlyList<InFlightSection> Outgoing)
{
    /// <summary>Of a subtask that keeps nothing.</summary>
    public static readonly SubtaskSnapshot Empty = new(new Dictionary<string, OperatorSnapshot>(), [], []);
}
