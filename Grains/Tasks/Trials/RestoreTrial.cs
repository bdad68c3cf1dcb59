using System.Collections.Immutable;
using Millrace.Batches;
using Millrace.Execution;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Operators;
using Millrace.Programs;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Tasks.Trials;

/// <summary>Tries out whether the operators of a program can take over state: they are built, restored and opened as a
/// subtask does it, and process nothing. So what it says is what a restore says.</summary>
/// <remarks>
/// The first subtask of a vertex stands for all, as if it were the only one. The program's own functions are opened.
/// Sources and sinks are restored and not opened: their readers and writers reach out for what is outside.
/// </remarks>
/// <param name="plan">The plan of the program.</param>
/// <param name="program">The program, defined for this.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="serializers">Its serializers.</param>
/// <param name="execution">Where chance and time come from.</param>
internal sealed class RestoreTrial(
    JobGraph plan,
    StreamGraph program,
    JobArguments arguments,
    SerializerSet serializers,
    IExecution execution)
{
    private const string Silo = "trial";

    private readonly JobGraph _plan = plan with
    {
        // Whatever it is kept in, types are one and the same.
        Settings = plan.Settings with { State = StateBackend.Heap },
        Vertices = [.. plan.Vertices.Select(static vertex => vertex with { Parallelism = 1 })],
    };

    private readonly SubtaskAccumulators _accumulators = new();
    private readonly NetworkEnvironment _network = new(execution, new NetworkOptions());

    /// <summary>Tries all operators for which there is something.</summary>
    /// <param name="kept">What the former subtasks of each operator have left; entries need not be there.</param>
    /// <param name="cancellationToken">Told to the functions that are opened.</param>
    public IReadOnlyList<TriedOperator> Run(
        IReadOnlyDictionary<OperatorId, IReadOnlyList<OperatorSnapshot>> kept, CancellationToken cancellationToken)
    {
        List<TriedOperator> tried = [];
        foreach (JobVertex vertex in _plan.Vertices.Where(
            vertex => vertex.Operators.Any(one => kept.ContainsKey(one.Id))))
        {
            Run(vertex, kept, tried, cancellationToken);
        }

        return tried;
    }

    private void Run(
        JobVertex vertex,
        IReadOnlyDictionary<OperatorId, IReadOnlyList<OperatorSnapshot>> kept,
        List<TriedOperator> tried,
        CancellationToken cancellationToken)
    {
        Dictionary<string, List<IRestoredStates>> made = [];
        SubtaskInfo subtask = new(
            new ExecutionAttemptId(default, vertex.Id, 0, 0),
            JobEpoch.None,
            _plan.Name,
            vertex,
            0,
            arguments,
            _plan.Settings.WorkingDirectory,
            Silo);
        using OperatorChain chain = ChainBuilder.Build(
            new ChainEnvironment(
                subtask,
                _plan,
                program,
                Locations(),
                _network,
                serializers,
                new BatchAccount(),
                new TrialLoop(execution, cancellationToken))
            {
                State = StateEnvironment.Memory with { Made = Note },
            },
            new RoundClock(execution.Time));
        foreach (JobOperator planned in vertex.Operators)
        {
            if (kept.TryGetValue(planned.Id, out IReadOnlyList<OperatorSnapshot>? snapshots)
                && chain.Steps.FirstOrDefault(step => chain.IdOf(step) == planned.Id.ToString()) is { } found)
            {
                bool isInner = planned.Role == OperatorRole.Inner;
                (string? refusal, string? trouble) = Try(found, snapshots, isInner ? ContextOf : null);
                tried.Add(new TriedOperator(
                    planned.Id,
                    refusal,
                    trouble,
                    refusal is null && trouble is null
                        ?
                        [
                            .. made.GetValueOrDefault(planned.Name, []).SelectMany(static one => one.Unasked),
                            .. isInner ? ItemsOf(snapshots) : [],
                        ]
                        : []));
            }
        }

        SubtaskRuntimeContext ContextOf(string name) =>
            new(subtask, name, _accumulators, execution.Time, cancellationToken);

        void Note(string name, IRestoredStates states)
        {
            if (!made.TryGetValue(name, out List<IRestoredStates>? own))
            {
                made.Add(name, own = []);
            }

            own.Add(states);
        }
    }

    // An operator that is neither a source nor a sink any more has no use for them.
    private static IEnumerable<string> ItemsOf(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        int splits = snapshots.Where(static one => !one.Items.IsOfWriters).Sum(static one => one.Items.Values.Count);
        int states = snapshots.Where(static one => one.Items.IsOfWriters).Sum(static one => one.Items.Values.Count);
        if (splits > 0)
        {
            yield return $"{splits} splits";
        }

        if (states > 0)
        {
            yield return $"{states} states of writers";
        }
    }

    private static (string? Refusal, string? Trouble) Try(
        StreamOperator step, IReadOnlyList<OperatorSnapshot> snapshots, Func<string, RuntimeContext>? contextOf)
    {
        try
        {
            step.Restore(snapshots);
            if (contextOf is not null)
            {
                step.Open(contextOf);
            }

            return (null, null);
        }
        catch (IncompatibleStateException refused)
        {
            return (refused.Message, null);
        }
#pragma warning disable CA1031 // Whatever the program's own code throws is told, and hides nothing of the others.
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return (null, $"{thrown.GetType().Name}: {thrown.Message}");
        }
    }

    private TaskLocations Locations() => new(
        new TaskDeploymentList(
            default,
            _plan.Name,
            JobEpoch.None,
            new ProgramReference(ProgramKind.InProcess, Silo, Silo),
            [],
            _plan,
            [],
            [
                .. _plan.Vertices.Select(static vertex => new VertexLocations(
                    vertex.Id, [0], [0], [new SiloEndpoint(Silo, "")])),
            ]),
        Silo);
}
