using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Graph;
using Millrace.Jobs;

namespace Millrace.Savepoints;

/// <summary>What a program would make of a savepoint.</summary>
/// <param name="Kept">Operators that take over their state.</param>
/// <param name="Dropped">Operators with state that the program does not have.</param>
/// <param name="New">Operators of the program that the savepoint does not know.</param>
/// <param name="Refusals">Why a job would be refused, as whole sentences; state that is dropped is not among
/// them.</param>
/// <remarks>Types are not looked at: a job whose types cannot take over the state fails when it is started, before it
/// has processed anything.</remarks>
public sealed record SavepointCheck(
    IReadOnlyList<string> Kept,
    IReadOnlyList<string> Dropped,
    IReadOnlyList<string> New,
    IReadOnlyList<string> Refusals)
{
    /// <summary>Looks at a plan.</summary>
    /// <param name="savepoint">The savepoint.</param>
    /// <param name="plan">The plan of the program.</param>
    public static SavepointCheck Of(SavepointReader savepoint, JobGraph plan)
    {
        ArgumentNullException.ThrowIfNull(savepoint);
        ArgumentNullException.ThrowIfNull(plan);
        var assignment = new StateAssignment(
            savepoint.Metadata, new RestoreSettings(savepoint.Path) { AllowNonRestoredState = true });
        IReadOnlyList<SnapshotOperator> known = savepoint.Metadata.Snapshot.Operators ?? [];
        JobOperator[] planned = [.. plan.Vertices.SelectMany(static vertex => vertex.Operators)];
        HashSet<OperatorId> ids = [.. planned.Select(static one => one.Id)];
        HashSet<OperatorId> old = [.. known.Select(static one => one.Id)];
        return new SavepointCheck(
            [.. known.Where(one => one.HasState && ids.Contains(one.Id)).Select(static one => $"{one}")],
            [.. assignment.NotIn(plan).Select(static one => $"{one}")],
            [
                .. planned.Where(one => !old.Contains(one.Id)).Select(static one =>
                    one.Uid is null ? $"'{one.Name}' ({one.Id})" : $"'{one.Name}' (uid {one.Uid})"),
            ],
            [.. assignment.Reasons(plan)]);
    }
}
