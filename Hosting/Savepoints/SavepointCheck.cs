using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.Tasks.Trials;

namespace Millrace.Savepoints;

/// <summary>What a program would make of a savepoint.</summary>
/// <param name="Kept">Operators that take over their state.</param>
/// <param name="Dropped">Operators with state that the program does not have, and records in flight to such.</param>
/// <param name="New">Operators of the program that the savepoint does not know.</param>
/// <param name="Refusals">Why a job would be refused, as whole sentences; state that is dropped is not among
/// them.</param>
public sealed record SavepointCheck(
    IReadOnlyList<string> Kept,
    IReadOnlyList<string> Dropped,
    IReadOnlyList<string> New,
    IReadOnlyList<string> Refusals)
{
    /// <summary>What operators cannot take over, as whole sentences: kind or types have become others. A job fails of
    /// it when it is started, before it has processed anything. Of each operator the first one.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>States of operators that go on, which these do not ask for when they are opened: nobody reads them any
    /// more.</summary>
    public IReadOnlyList<string> DroppedStates { get; init; } = [];

    /// <summary>Operators whose own code threw when they were opened here, so that their states were not compared.
    /// </summary>
    public IReadOnlyList<string> Untried { get; init; } = [];

    /// <summary>Whether a job would go on from the savepoint without leaving operators with state behind.</summary>
    public bool IsCompatible => Dropped.Count == 0 && Refusals.Count == 0 && Unreadable.Count == 0;

    /// <summary>Looks at a program: at its plan, and at the types of its states, by the way a restore goes. For that
    /// the program's functions are opened as a subtask opens them, but no source and no sink, and process
    /// nothing. Splits of sources are read; what writers of sinks kept is known to these alone.</summary>
    /// <typeparam name="TJob">The program.</typeparam>
    /// <param name="savepoint">The savepoint.</param>
    /// <param name="args">Arguments of the program.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CheckpointCorruptedException">A file is missing, or is not what was written.</exception>
    public static Task<SavepointCheck> OfAsync<TJob>(
        SavepointReader savepoint, string[] args, CancellationToken cancellationToken = default)
        where TJob : IStreamJob =>
        OfAsync(savepoint, DefinedJob.Of(typeof(TJob), args, defaultParallelism: 1), cancellationToken);

    internal static async Task<SavepointCheck> OfAsync(
        SavepointReader savepoint, DefinedJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(savepoint);
        JobGraph plan = job.Plan;
        SavepointCheck check = Of(savepoint, plan);
        IReadOnlyDictionary<OperatorId, SnapshotOperator> known = (savepoint.Metadata.Snapshot.Operators ?? [])
            .ToDictionary(static one => one.Id);
        RestoreTrial trial = new(
            plan,
            StreamGraph.Of(job.Environment),
            job.Arguments,
            new SerializerSet(job.Environment.Serializers),
            SavepointPlaces.Pool);
        IReadOnlyDictionary<OperatorId, IReadOnlyList<OperatorSnapshot>> kept =
            await savepoint.ReadShapesAsync(cancellationToken);
        TriedOperator[] tried =
        [
            .. trial.Run(WithSameKeyGroups(kept, known, plan), cancellationToken),
        ];
        return check with
        {
            Unreadable = [.. tried.Where(static one => one.Refusal is not null).Select(static one => one.Refusal!)],
            DroppedStates =
            [
                .. tried.SelectMany(one => one.Unasked.Select(
                    state => $"{state} of {known.GetValueOrDefault(one.Id)}")),
                .. SourcesNoMore(savepoint, plan).Select(one => $"Splits to be read of {known.GetValueOrDefault(one)}"),
            ],
            Untried =
            [
                .. check.Untried,
                .. tried.Where(static one => one.Trouble is not null)
                    .Select(one => $"{known.GetValueOrDefault(one.Id)} could not be opened here: {one.Trouble}"),
            ],
        };
    }

    // Operators that go on, and give out no splits any more.
    private static IEnumerable<OperatorId> SourcesNoMore(SavepointReader savepoint, JobGraph plan) => plan.Vertices
        .SelectMany(static vertex => vertex.Operators)
        .Where(one => one.Role != OperatorRole.Source
            && savepoint.Metadata.Snapshot.Sources.Any(source => source.Source == one.Id))
        .Select(static one => one.Id);

    // Another number of them is refused by itself.
    private static Dictionary<OperatorId, IReadOnlyList<OperatorSnapshot>> WithSameKeyGroups(
        IReadOnlyDictionary<OperatorId, IReadOnlyList<OperatorSnapshot>> kept,
        IReadOnlyDictionary<OperatorId, SnapshotOperator> known,
        JobGraph plan)
    {
        Dictionary<OperatorId, int> planned = plan.Vertices
            .SelectMany(static vertex => vertex.Operators.Select(one => (one.Id, vertex.MaxParallelism)))
            .ToDictionary(static pair => pair.Id, static pair => pair.MaxParallelism);
        return kept
            .Where(one => planned.TryGetValue(one.Key, out int keyGroups)
                && (!known.TryGetValue(one.Key, out SnapshotOperator? former)
                    || former.KeyedBytes == 0
                    || former.MaxParallelism == keyGroups))
            .ToDictionary(static one => one.Key, static one => one.Value);
    }

    /// <summary>Looks at a plan, and not at types.</summary>
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
            assignment.LeftBehind(plan),
            [
                .. planned.Where(one => !old.Contains(one.Id)).Select(static one => one.Id.Describe(one.Name, one.Uid)),
            ],
            [.. assignment.Reasons(plan)])
        {
            Untried = assignment.NotTold,
        };
    }
}
