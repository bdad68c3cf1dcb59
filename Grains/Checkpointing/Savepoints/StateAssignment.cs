using System.Collections.Immutable;
using Millrace.Checkpointing.Storage;
using Millrace.Graph;
using Millrace.Jobs;

namespace Millrace.Checkpointing.Savepoints;

/// <summary>Which operators of a new plan take over which state of a savepoint, found by their ids.</summary>
/// <remarks>Pure: it looks at what is there, not at the state itself.</remarks>
/// <param name="savepoint">From what, with absolute URIs of its files.</param>
/// <param name="restore">What the user allows.</param>
internal sealed class StateAssignment(SavepointMetadata savepoint, RestoreSettings restore)
{
    private readonly CheckpointMetadata _snapshot = savepoint.Snapshot;
    private readonly InFlightAssignment _inFlight = new(savepoint);

    /// <summary>Operators with state that a plan does not have.</summary>
    public IReadOnlyList<SnapshotOperator> NotIn(JobGraph plan)
    {
        HashSet<OperatorId> known = IdsOf(plan);
        return [.. (_snapshot.Operators ?? []).Where(one => Keeps(one) && !known.Contains(one.Id))];
    }

    /// <summary>All that a job with a plan would leave behind, for people: operators with state that the plan does not
    /// have, and records in flight to such.</summary>
    public IReadOnlyList<string> LeftBehind(JobGraph plan) =>
        [.. NotIn(plan).Select(static one => $"{one}"), .. _inFlight.NotIn(plan)];

    /// <summary>What is not known of it, and so not checked, for people.</summary>
    public IReadOnlyList<string> NotTold => [.. _inFlight.NotTold.Select(static text => $"Records in flight: {text}")];

    /// <summary>The checkpoint a job with a plan begins with: its number is 0, for it is not of that job.</summary>
    /// <exception cref="IncompatibleSavepointException">The plan cannot go on from it.</exception>
    public CheckpointMetadata To(JobGraph plan)
    {
        List<string> reasons = [.. Reasons(plan)];
        if (reasons.Count > 0)
        {
            throw new IncompatibleSavepointException(SavepointLocation.Describe(restore.Path), reasons);
        }

        HashSet<OperatorId> known = IdsOf(plan);
        return _snapshot with
        {
            Number = 0,
            Vertices = [.. _snapshot.Vertices.Select(Assigned)],
            Sources = [.. _snapshot.Sources.Where(source => known.Contains(source.Source))],
            Committables = [.. _snapshot.Committables.Where(sink => known.Contains(sink.Operator))],
        };
    }

    private static HashSet<OperatorId> IdsOf(JobGraph plan) =>
        [.. plan.Vertices.SelectMany(static vertex => vertex.Operators).Select(static one => one.Id)];

    private RestoredVertex Assigned(RestoredVertex vertex) => _snapshot.Operators is { } operators
        ? vertex with { Operators = [.. operators.Where(one => one.Vertex == vertex.Vertex).Select(one => one.Id)] }
        : vertex;

    private bool Keeps(SnapshotOperator one) =>
        one.HasState || _snapshot.OpenOf(one.Id).Count > 0;

    /// <summary>Why a plan cannot go on from it, as whole sentences.</summary>
    public IEnumerable<string> Reasons(JobGraph plan)
    {
        if (plan.Settings.Mode == RuntimeMode.Batch)
        {
            yield return "it runs in batch mode, which begins anew in any case.";
        }

        if (!restore.AllowNonRestoredState)
        {
            foreach (SnapshotOperator one in NotIn(plan))
            {
                yield return $"It has no operator {one}, which keeps {BytesOf(one)} bytes: give it "
                    + "back its uid or its place, or leave the state behind with --allow-non-restored-state.";
            }

            foreach (string inFlight in _inFlight.NotIn(plan))
            {
                yield return $"There were {inFlight}, an operator that it does not have: give it back its uid or its "
                    + "place, go on from a savepoint, which holds no records in flight, or leave them behind with "
                    + "--allow-non-restored-state.";
            }
        }

        foreach ((JobVertex vertex, SnapshotOperator one) in Matches(plan))
        {
            if (one.MaxParallelism != vertex.MaxParallelism && (one.KeyedBytes > 0 || _inFlight.HasByKey(one.Id)))
            {
                string what = one.KeyedBytes > 0 ? "State by key of" : "What was in flight to";
                yield return $"{what} {one} was saved with {one.MaxParallelism} key groups, and the program "
                    + $"has {vertex.MaxParallelism}: say env.SetMaxParallelism({one.MaxParallelism}).";
            }
        }

        foreach (string reason in _inFlight.Reasons(plan))
        {
            yield return reason;
        }

        foreach ((JobOperator from, JobOperator to) in IntoFinished(plan))
        {
            yield return $"{to.Id.Describe(to.Name, to.Uid)} had finished and reads nothing any more, and the program "
                + $"has it read {from.Id.Describe(from.Name, from.Uid)}, which had not: give it another uid.";
        }

        foreach (JobVertex vertex in plan.Vertices.Where(vertex => IsHalfFinished(vertex, plan)))
        {
            yield return $"Some operators of '{vertex.Name}' had finished and others had not: they ran in chains of "
                + "their own, and have to do so again (DisableChaining, or the parallelism they had).";
        }
    }

    // What its sinks have to commit is kept as well.
    private long BytesOf(SnapshotOperator one) =>
        one.KeyedBytes + one.OtherBytes + _snapshot.OpenOf(one.Id).Sum(static item => (long)item.Length);

    // Nothing of one that had finished runs again: what came to it from others would be lost.
    private IEnumerable<(JobOperator From, JobOperator To)> IntoFinished(JobGraph plan)
    {
        HashSet<VertexId> vertices = [.. Finished()];
        HashSet<OperatorId> finished =
        [
            .. (_snapshot.Operators ?? []).Where(one => vertices.Contains(one.Vertex)).Select(static one => one.Id),
        ];
        Dictionary<string, JobOperator> planned = plan.Vertices.SelectMany(static vertex => vertex.Operators)
            .ToDictionary(static one => one.Id.ToString());
        return
            from to in planned.Values
            where finished.Contains(to.Id)
            from edge in to.Inputs ?? []
            let @from = planned[edge.From]
            where !finished.Contains(@from.Id)
            select (@from, to);
    }

    private IEnumerable<VertexId> Finished() => _snapshot.Vertices
        .Where(static one => one.Subtasks.All(static subtask => subtask.State is null))
        .Select(static one => one.Vertex);

    private IEnumerable<(JobVertex Vertex, SnapshotOperator Operator)> Matches(JobGraph plan) =>
        from vertex in plan.Vertices
        from planned in vertex.Operators
        join one in _snapshot.Operators ?? [] on planned.Id equals one.Id
        select (vertex, one);

    // Of a chain that had finished nothing runs again, and of one that had not everything does.
    private bool IsHalfFinished(JobVertex vertex, JobGraph plan)
    {
        ImmutableHashSet<VertexId> finished = [.. Finished()];
        bool[] kinds =
        [
            .. Matches(plan).Where(match => match.Vertex.Id == vertex.Id)
                .Select(match => finished.Contains(match.Operator.Vertex)).Distinct(),
        ];
        return kinds.Length > 1;
    }
}
