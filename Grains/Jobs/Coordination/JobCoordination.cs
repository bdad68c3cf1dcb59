using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Programs;
using Millrace.Tasks;
using Millrace.UserCode;

namespace Millrace.Jobs.Coordination;

/// <summary>The job's side of its sources and sinks, in the job's own code: enumerators and committers of one
/// round.</summary>
/// <remarks>Called from the job grain; everything runs on the pool, one call of an object at a time. Whatever the
/// job's
/// code throws stays here and is told as text.</remarks>
internal sealed class JobCoordination(JobSubmission submission, IJobPrograms programs, IExecution execution)
    : IAsyncDisposable
{
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<OperatorId, SourceCoordinator> _sources = [];
    private readonly Dictionary<OperatorId, ISinkCommitter> _committers = [];
    private readonly Dictionary<OperatorId, OpenCommits> _openCommits = [];
    private IJobCode? _code;

    /// <summary>Whether anything has to be done for results to become visible.</summary>
    public bool HasCommitters => _committers.Count > 0;

    /// <summary>Makes enumerators, and makes and prepares committers; <see cref="StartSourcesAsync"/> follows. Once;
    /// after a failure only <see cref="AbortAsync"/> and disposal may follow.</summary>
    /// <param name="onlyCommitters">Only makes the committers, to commit or abort what another epoch left.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it failed, or null.</returns>
    public Task<FailureInfo?> PrepareAsync(bool onlyCommitters, CancellationToken cancellationToken) =>
        RunAsync(async () =>
        {
            await MakeAsync(onlyCommitters, cancellationToken);
            return onlyCommitters
                ? null
                : await ForEachAsync(_committers, (_, sink) => sink.PrepareAsync(cancellationToken));
        });

    /// <summary>Makes enumerators and committers that go on from a checkpoint: commits what it commits, and removes
    /// what writers have left since. Instead of <see cref="PrepareAsync"/>; <see cref="StartSourcesAsync"/>
    /// follows.</summary>
    /// <returns>Why it failed, or null.</returns>
    public Task<FailureInfo?> ResumeAsync(CheckpointMetadata from, CancellationToken cancellationToken) =>
        RunAsync(async () =>
        {
            await MakeAsync(onlyCommitters: false, cancellationToken, from);
            return await CommitHereAsync(from.Committables, cancellationToken)
                ?? await RecoverHereAsync(from.LeftOf, cancellationToken);
        });

    /// <summary>After <see cref="PrepareAsync"/> or <see cref="ResumeAsync"/>: the enumerators begin. What is asked of
    /// committers meanwhile does not disturb it.</summary>
    /// <returns>Why it failed, or null.</returns>
    public Task<FailureInfo?> StartSourcesAsync(CancellationToken cancellationToken) =>
        RunAsync(() => ForEachAsync(_sources, (_, source) => source.StartAsync(cancellationToken)));

    /// <summary>Removes what writers have left that is no part of a checkpoint which outlives the job.</summary>
    /// <returns>Why some of it could not be removed, or null.</returns>
    public Task<FailureInfo?> RecoverAsync(CheckpointMetadata kept, CancellationToken cancellationToken) =>
        RunAsync(() => RecoverHereAsync(kept.OpenOf, cancellationToken));

    private Task<FailureInfo?> RecoverHereAsync(
        Func<OperatorId, IReadOnlyList<byte[]>> kept, CancellationToken cancellationToken) =>
        ForEachAsync(_committers, (id, sink) => sink.RecoverAsync(kept(id), cancellationToken));

    /// <summary>Asks every source where a checkpoint begins. From then on a reader that has not passed its cut gets no
    /// split, until <see cref="SettleSources"/>.</summary>
    public async Task<(ImmutableArray<SourceSnapshot> Sources, FailureInfo? Failure)> SnapshotSourcesAsync(
        long checkpoint, CancellationToken cancellationToken)
    {
        ImmutableArray<SourceSnapshot>.Builder snapshots = ImmutableArray.CreateBuilder<SourceSnapshot>();
        FailureInfo? failure = await RunAsync(() => ForEachAsync(_sources, async (id, source) =>
            snapshots.Add(await source.SnapshotAsync(id, checkpoint, cancellationToken))));
        return (snapshots.ToImmutable(), failure);
    }

    /// <summary>A checkpoint is over.</summary>
    /// <param name="checkpoint">Its number.</param>
    /// <param name="received">When it is complete: how many splits readers have got for good.</param>
    public void SettleSources(
        long checkpoint, IReadOnlyDictionary<(OperatorId Source, int Subtask), long>? received)
    {
        foreach ((OperatorId id, SourceCoordinator source) in _sources)
        {
            source.Settle(checkpoint, received?.Where(reader => reader.Key.Source == id)
                .ToDictionary(reader => reader.Key.Subtask, reader => reader.Value));
        }
    }

    /// <summary>New attempts of readers go on from the latest completed checkpoint, while others read on.</summary>
    /// <param name="attempt">Number of the new attempts.</param>
    /// <param name="readers">The subtasks, by source.</param>
    public void ResetReaders(int attempt, ILookup<OperatorId, int> readers)
    {
        foreach (IGrouping<OperatorId, int> source in readers)
        {
            if (_sources.TryGetValue(source.Key, out SourceCoordinator? coordinator))
            {
                coordinator.Reset(attempt, [.. source]);
            }
        }
    }

    /// <summary>Makes visible what a completed checkpoint commits.</summary>
    /// <returns>Why it failed, or null.</returns>
    public Task<FailureInfo?> CommitCheckpointAsync(
        ImmutableArray<OperatorCommittables> committables, CancellationToken cancellationToken) =>
        RunAsync(() => CommitHereAsync(committables, cancellationToken));

    private Task<FailureInfo?> CommitHereAsync(
        ImmutableArray<OperatorCommittables> committables, CancellationToken cancellationToken) =>
        ForEachAsync(_committers, (id, sink) =>
            committables.FirstOrDefault(entry => entry.Operator == id) is { Items.IsEmpty: false } own
                ? new OpenCommits().CommitAsync(sink, own.Items, cancellationToken)
                : ValueTask.CompletedTask);

    /// <summary>Hands out a split.</summary>
    /// <returns>The answer, or why there is none.</returns>
    public async Task<(SplitAnswer? Answer, FailureInfo? Failure)> NextSplitAsync(
        SplitRequest request, TimeSpan upTo, CancellationToken cancellationToken)
    {
        if (!_sources.TryGetValue(request.Source, out SourceCoordinator? source))
        {
            return (null, FailureInfo.Of(new InvalidProgramGraphException(
                $"Operator {request.Source} asks for a split and is no source of job '{submission.Graph.Name}'.")));
        }

        SplitAnswer? answer = null;
        FailureInfo? failure = await RunAsync(async () =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, cancellationToken);
            try
            {
                answer = await source.NextAsync(
                    new ReaderAttempt(request.Attempt.Subtask, request.Attempt.Attempt),
                    new SplitQuestion(request.Number, request.Checkpoint),
                    upTo,
                    either.Token);
                return null;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                return FailureInfo.Of(exception, PlaceOf(request.Source));
            }
        });
        return (answer, failure);
    }

    /// <summary>Makes results visible; those that are already count as done.</summary>
    /// <returns>Why it failed, or null.</returns>
    public Task<FailureInfo?> CommitAsync(
        ImmutableArray<OperatorCommittables> committables, CancellationToken cancellationToken) => RunAsync(async () =>
        {
            FailureInfo? failure = await ForEachAsync(_committers, (id, sink) => _openCommits[id].CommitAsync(
                sink, committables.FirstOrDefault(entry => entry.Operator == id)?.Items ?? [], cancellationToken));
            if (failure is null)
            {
                // The results are there: what is left lying about is no reason to fail.
                await ForEachAsync(_committers, (_, sink) => sink.EndAsync(cancellationToken), all: true);
            }

            return failure;
        });

    /// <summary>Removes what writers left behind.</summary>
    /// <returns>Why some of it could not be removed, or null.</returns>
    public Task<FailureInfo?> AbortAsync(CancellationToken cancellationToken) => RunAsync(() =>
        ForEachAsync(_committers, (_, sink) => sink.AbortAsync(cancellationToken), all: true));

    /// <summary>Ends enumerators and lets go of the job's code.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync(ReleaseAsync);
        _ending.Dispose();
    }

    private async Task<FailureInfo?> ReleaseAsync()
    {
        // Its callbacks are the job's code: here, on the pool, and not on the grain's scheduler.
        _ending.Cancel();
        FailureInfo? failure = await ForEachAsync(
            _sources, async (_, source) => await source.DisposeAsync(DisposeTimeout), all: true);
        _sources.Clear();
        _committers.Clear();
        _code?.Dispose();
        _code = null;
        return failure;
    }

    private async Task MakeAsync(
        bool onlyCommitters, CancellationToken cancellationToken, CheckpointMetadata? from = null)
    {
        _code = await programs.LoadAsync(submission.Job, submission.Program, cancellationToken);
        StreamGraph graph = await _code.DefineAsync(
            JobArguments.Parse(submission.Arguments), execution, cancellationToken);
        GraphShape.RequireSame(graph, submission.Graph);
        CoordinatedOperators made = new(submission.Job, submission.Graph.Settings, _code.Serializers, execution);
        foreach (JobVertex vertex in submission.Graph.Vertices)
        {
            foreach (JobOperator planned in vertex.Operators.Where(planned => IsCoordinated(planned, onlyCommitters)))
            {
                made.Make(
                    graph.Node(planned.Id).Transformation,
                    vertex.Parallelism,
                    from?.Sources.FirstOrDefault(source => source.Source == planned.Id));
                if (made.Coordinator is not null)
                {
                    _sources.Add(planned.Id, made.Coordinator);
                }

                if (made.Committer is not null)
                {
                    _committers.Add(planned.Id, made.Committer);
                    _openCommits.Add(planned.Id, new OpenCommits());
                }
            }
        }
    }

    private static bool IsCoordinated(JobOperator planned, bool onlyCommitters) =>
        planned.Role == OperatorRole.Sink || (planned.Role == OperatorRole.Source && !onlyCommitters);

    private async Task<FailureInfo?> ForEachAsync<T>(
        Dictionary<OperatorId, T> parts, Func<OperatorId, T, ValueTask> call, bool all = false)
    {
        FailureInfo? first = null;
        foreach ((OperatorId id, T part) in parts)
        {
            try
            {
                await call(id, part);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                first ??= FailureInfo.Of(exception, PlaceOf(id));
                if (!all)
                {
                    return first;
                }
            }
        }

        return first;
    }

    private FailurePlace PlaceOf(OperatorId id)
    {
        foreach (JobVertex vertex in submission.Graph.Vertices)
        {
            if (vertex.Operators.FirstOrDefault(planned => planned.Id == id) is { } planned)
            {
                return FailurePlace.Unknown with { Operator = planned.Name };
            }
        }

        return FailurePlace.Unknown;
    }

    private async Task<FailureInfo?> RunAsync(Func<Task<FailureInfo?>> work)
    {
        FailureInfo? failure = null;
        await execution.RunAsync(async () =>
        {
            try
            {
                failure = await work();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failure = FailureInfo.Of(exception);
            }
        });
        return failure;
    }
}
