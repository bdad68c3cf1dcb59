using System.Globalization;
using Millrace.Graph;
using Millrace.Jobs;

namespace Millrace.Checkpointing.Savepoints;

/// <summary>What becomes of the records that the cut of a checkpoint has overtaken when another program goes on from
/// it: they can go on where their edge is what it was, whatever the numbers of subtasks at its ends.</summary>
/// <remarks>Pure. Key selectors and types are not known here: subtasks look at those when they are built.</remarks>
/// <param name="savepoint">The savepoint, or the checkpoint.</param>
internal sealed class InFlightAssignment(SavepointMetadata savepoint)
{
    private const string Untold =
        "Not told: an older release has written this checkpoint. Records may be in flight in it, and whether the "
        + "program still has their ways is not checked.";

    private const string Remedy =
        "go on with the program that took the checkpoint, or from a savepoint, which holds no records in flight.";

    private readonly Dictionary<OperatorId, SnapshotOperator> _former =
        (savepoint.Snapshot.Operators ?? []).ToDictionary(static one => one.Id);

    private IEnumerable<InFlightSize> Known =>
        (savepoint.Snapshot.InFlight ?? []).Where(size => size.Records > 0 && _former.ContainsKey(size.Operator));

    /// <summary>Whether some were on their way to an operator by its key.</summary>
    public bool HasByKey(OperatorId id) =>
        Known.Any(size => size.Operator == id && EdgesOf(size).Any(static edge => IsByKey(edge)));

    /// <summary>All of them, for people.</summary>
    public IReadOnlyList<string> All => [.. NotTold, .. Describe(Known)];

    /// <summary>Says that it is not known whether there are any; nothing where it is.</summary>
    public IReadOnlyList<string> NotTold => MayHoldUntold ? [Untold] : [];

    // Cuts of savepoints overtake nothing.
    private bool MayHoldUntold => savepoint.Snapshot.InFlight is null && savepoint.Id == default;

    /// <summary>What was on its way to operators that a plan does not have.</summary>
    public IReadOnlyList<string> NotIn(JobGraph plan)
    {
        HashSet<OperatorId> known =
            [.. plan.Vertices.SelectMany(static vertex => vertex.Operators).Select(static one => one.Id)];
        return Describe(Known.Where(size => !known.Contains(size.Operator)));
    }

    /// <summary>Edges that a plan does not have any more, or has in another way, as whole sentences.</summary>
    public IEnumerable<string> Reasons(JobGraph plan)
    {
        Dictionary<OperatorId, JobOperator> planned = plan.Vertices.SelectMany(static vertex => vertex.Operators)
            .ToDictionary(static one => one.Id);
        return Known.GroupBy(static size => (size.Operator, size.Input))
            .Where(sizes => planned.ContainsKey(sizes.Key.Operator))
            .SelectMany(sizes => Reasons([.. sizes], planned[sizes.Key.Operator]));
    }

    private IEnumerable<string> Reasons(InFlightSize[] sizes, JobOperator now)
    {
        foreach (JobOperatorInput edge in sizes.SelectMany(EdgesOf).Distinct())
        {
            string inFlight =
                $"{Amount(sizes.Where(size => size.Edge.Length == 0 || size.Edge == edge.Edge))} were in flight from "
                + $"{NameOf(edge)} to {_former[now.Id]}";
            JobOperatorInput? same = now.Inputs?.FirstOrDefault(
                one => one.Input == edge.Input && one.Edge == edge.Edge);
            if (same is null)
            {
                yield return $"{inFlight}, and the program has no such edge any more: {Remedy}";
            }
            else if (same.Partitioning != edge.Partitioning)
            {
                yield return $"{inFlight}, partitioned {edge.Partitioning}, and the program has that edge partitioned "
                    + $"{same.Partitioning}: {Remedy}";
            }
        }
    }

    // Those in front of the operator may have come on any of its edges.
    private IEnumerable<JobOperatorInput> EdgesOf(InFlightSize size) => (_former[size.Operator].Inputs ?? []).Where(
        edge => edge.Input == size.Input && (size.Edge.Length == 0 || edge.Edge == size.Edge));

    private static bool IsByKey(JobOperatorInput edge) =>
        edge.Partitioning.StartsWith(nameof(PartitionerKind.Hash), StringComparison.Ordinal);

    private string NameOf(JobOperatorInput edge)
    {
        SnapshotOperator? from = savepoint.Snapshot.Operators?.FirstOrDefault(one => one.Id.ToString() == edge.From);
        return from is null ? edge.Edge : $"{from}";
    }

    private string[] Describe(IEnumerable<InFlightSize> some) =>
    [
        .. some.GroupBy(static size => size.Operator)
            .Select(sizes => $"{Amount(sizes)} in flight to {_former[sizes.Key]}"),
    ];

    private static string Amount(IEnumerable<InFlightSize> sizes)
    {
        (long records, long bytes) = sizes.Aggregate(
            (Records: 0L, Bytes: 0L), static (sum, size) => (sum.Records + size.Records, sum.Bytes + size.Bytes));
        return string.Create(CultureInfo.InvariantCulture, $"{records} records ({bytes} bytes)");
    }
}
