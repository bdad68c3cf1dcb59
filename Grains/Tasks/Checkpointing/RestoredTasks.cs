using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Operators;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>What the subtasks of a deployment go on from.</summary>
/// <remarks>Disposed when all of them have been given what is theirs: they hold on to what they have not asked for yet.
/// </remarks>
internal sealed class RestoredTasks : IDisposable
{
    private const string InMetadata = "the checkpoint's metadata";

    // So many subtasks' states are looked into at a time: what takes time is to wait for each file.
    private const int ReadAtOnce = 16;

    private readonly List<RestoredVertexOperators> _vertices = [];
    private readonly List<IDisposable> _holds = [];
    private readonly SemaphoreSlim _readers = new(ReadAtOnce);
    private readonly ReadThreads _threads;
    private readonly RestoredRoom? _room;

    private RestoredTasks(ReadThreads threads, RestoredRoom? room)
    {
        _threads = threads;
        _room = room;
        if (room is not null)
        {
            _holds.Add(room.Hold());
        }
    }

    /// <summary>Reads it, but for keyed state, of which it finds out where it is; may block.</summary>
    /// <param name="list">The deployment.</param>
    /// <param name="sharing">Vertices with operators that go on from what all subtasks had left; of others a subtask
    /// that goes on as it was needs its own part alone.</param>
    /// <param name="storage">Where it is.</param>
    /// <param name="threads">Read keyed state when it is asked for.</param>
    /// <param name="room">Where keyed state is kept that is asked for late or never; null for in memory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CheckpointCorruptedException">A file is missing, or is not what was written.</exception>
    public static async Task<RestoredTasks> ReadAsync(
        TaskDeploymentList list,
        IReadOnlySet<VertexId> sharing,
        ICheckpointStorage storage,
        ReadThreads threads,
        RestoredRoom? room,
        CancellationToken cancellationToken)
    {
        RestoredTasks restored = new(threads, room);
        try
        {
            await restored.ReadAsync(list, sharing, storage, cancellationToken);
            return restored;
        }
        catch (Exception exception)
        {
            restored.Dispose();
            if (exception is CheckpointCorruptedException damage)
            {
                damage.IsOfRestore = true;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _holds.ForEach(static hold => hold.Dispose());
        _readers.Dispose();
    }

    private async Task ReadAsync(
        TaskDeploymentList list,
        IReadOnlySet<VertexId> sharing,
        ICheckpointStorage storage,
        CancellationToken cancellationToken)
    {
        JobVertex[] here =
        [
            .. list.Tasks.Select(static task => task.Attempt.Vertex).Distinct().Select(list.Graph.Vertex),
        ];
        foreach (RestoredVertex vertex in list.Restored ?? [])
        {
            if (Array.Exists(here, one => Feeds(vertex, one)))
            {
                JobVertex[] fed = Array.FindAll(here, one => Feeds(vertex, one));
                SubtaskOperators[] subtasks = await Task.WhenAll(vertex.Subtasks.Select((state, i) =>
                    !sharing.Contains(vertex.Vertex) && IsOfOthers(vertex, i, list)
                        ? Task.FromResult(NotRead(state))
                        : ReadAsync(list, fed, state, storage, cancellationToken)));
                _vertices.Add(new RestoredVertexOperators(vertex, HeirOf(vertex, list.Graph), subtasks));
            }
        }
    }

    /// <summary>Gives the operators of a subtask what is theirs.</summary>
    /// <returns>What it had left when it finished, if it had.</returns>
    public FormerResult Restore(SubtaskInfo info, OperatorChain chain)
    {
        int subtask = info.Attempt.Subtask;
        int parallelism = info.Vertex.Parallelism;
        RestoredVertexOperators[] vertices = [.. _vertices.Where(one => Feeds(one.Vertex, info.Vertex))];

        // While others of its vertex are still at work it runs again, without state: what they read may come to it.
        FormerResult former = new(
            ResultOf(vertices.Where(one => one.Heir == info.Vertex.Id), subtask, parallelism),
            vertices.Length > 0 && Array.TrueForAll(vertices, static one => one.HasFinished));
        if (former.IsEnd)
        {
            return former;
        }

        foreach (StreamOperator step in chain.Steps)
        {
            if (chain.IdOf(step) is { } id && Array.Find(vertices, one => one.Has(id)) is { } vertex)
            {
                OperatorSnapshot[] all = [.. vertex.Subtasks.Select(one => one.Of(id))];
                Restore(
                    $"what operator '{step.GetType().Name}' keeps",
                    vertex.Subtasks,
                    () => step.Restore(step.SharesItems ? all : Dealt(all, subtask, parallelism)));
            }
        }

        SubtaskPlace own = new(subtask, parallelism);
        foreach (RestoredVertexOperators vertex in vertices)
        {
            Restore(
                "what was in flight",
                vertex.Subtasks,
                () => InFlightRestore.Restore(
                    [.. vertex.Subtasks.Select(static one => one.Snapshot)],
                    own,
                    isOtherProgram: vertex.Vertex.Operators is not null,
                    chain));
        }

        return former;
    }

    // Its vertex is what it was, with as many subtasks: each goes on with its own part, and this one is none of them.
    private static bool IsOfOthers(RestoredVertex vertex, int subtask, TaskDeploymentList list) =>
        vertex.Operators is null
        && list.Graph.Vertex(vertex.Vertex).Parallelism == vertex.Subtasks.Length
        && !list.Tasks.Any(task => task.Attempt.Vertex == vertex.Vertex && task.Attempt.Subtask == subtask);

    private static SubtaskOperators NotRead(SubtaskState state) => new(
        SubtaskSnapshot.Empty, state.Finished, HasFinished: state.State is null, InMetadata);

    // Asked for each piece of a snapshot, of which there are some thousands.
    private static bool IsHere(TaskDeploymentList list, JobVertex[] vertices, int keyGroup, int keyGroups)
    {
        foreach (JobVertex vertex in vertices)
        {
            int subtask = keyGroups < vertex.Parallelism
                ? -1
                : KeyGroupAssignment.SubtaskOf(keyGroup, keyGroups, vertex.Parallelism);
            if (subtask < 0
                || list.Tasks.Any(task => task.Attempt.Vertex == vertex.Id && task.Attempt.Subtask == subtask))
            {
                return true;
            }
        }

        return false;
    }

    // Written by a newer version, say: the bytes are those that were written, and this one does not understand them.
    private static void Restore(string what, SubtaskOperators[] subtasks, Action restore)
    {
        try
        {
            restore();
        }
        catch (RecordCorruptedException exception)
        {
            throw new CheckpointCorruptedException(
                string.Join(", ", subtasks.Select(static one => one.Place).Distinct()),
                $"{what} cannot be read. {exception.Message}",
                exception,
                exception.Offset)
            {
                IsOfRestore = true,
            };
        }
    }

    // A vertex has the id of its first operator. Where the operators are not told, the program is that which
    // wrote it.
    private static bool Feeds(RestoredVertex vertex, JobVertex into) => vertex.Operators is { } operators
        ? into.Operators.Any(one => operators.Contains(one.Id))
        : vertex.Vertex == into.Id;

    /// <summary>Which vertex goes on with the results of a former one whose operators may be spread over
    /// several.</summary>
    private static VertexId HeirOf(RestoredVertex vertex, JobGraph graph)
    {
        foreach (OperatorId id in vertex.Operators ?? [])
        {
            if (graph.Vertices.FirstOrDefault(one => one.Operators.Any(planned => planned.Id == id)) is { } heir)
            {
                return heir.Id;
            }
        }

        return vertex.Vertex;
    }

    // Each former result goes to one subtask: to the one that left it, when there are as many as before.
    private static TaskResult? ResultOf(
        IEnumerable<RestoredVertexOperators> vertices, int subtask, int parallelism)
    {
        TaskResult[] results =
        [
            .. vertices.SelectMany(vertex => vertex.Subtasks
                .Where((one, former) => one.Finished is not null && former % parallelism == subtask)
                .Select(static one => one.Finished!)),
        ];
        return results.Length switch
        {
            0 => null,
            1 => results[0],
            _ => new TaskResult(
                [.. results.SelectMany(static result => result.Accumulators)],
                [.. results.SelectMany(static result => result.Committables)],
                [.. results.SelectMany(static result => result.Returned)]),
        };
    }

    // Each item goes to one subtask: to the one that had it, when there are as many as before.
    private static OperatorSnapshot[] Dealt(OperatorSnapshot[] all, int subtask, int parallelism)
    {
        OperatorSnapshot[] dealt = new OperatorSnapshot[all.Length];
        int number = 0;
        for (int i = 0; i < all.Length; i++)
        {
            OperatorItems items = all[i].Items;
            int former = i;
            int first = number;
            byte[][] own =
            [
                .. items.Values.Where((_, index) => parallelism == all.Length
                    ? former == subtask
                    : (first + index) % parallelism == subtask),
            ];
            number += items.Values.Count;
            dealt[i] = all[i] with { Items = own.Length == 0 ? OperatorItems.None : items with { Values = own } };
        }

        return dealt;
    }

    private async Task<SubtaskOperators> ReadAsync(
        TaskDeploymentList list,
        JobVertex[] fed,
        SubtaskState state,
        ICheckpointStorage storage,
        CancellationToken cancellationToken)
    {
        if (state.State is not { } handle)
        {
            return NotRead(state);
        }

        await _readers.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(list, fed, handle, state, storage, cancellationToken);
        }
        finally
        {
            _readers.Release();
        }
    }

    private async Task<SubtaskOperators> ReadAsync(
        TaskDeploymentList list,
        JobVertex[] fed,
        StateHandle handle,
        SubtaskState state,
        ICheckpointStorage storage,
        CancellationToken cancellationToken)
    {
        List<RestoredHold> holds = [];
        (SubtaskSnapshot snapshot, string place) = await StoredSubtask.ReadAsync(
            handle,
            list.Job,
            storage,
            (group, groups) => IsHere(list, fed, group, groups),
            Later,
            cancellationToken);
        LetGo(holds, snapshot);
        return new SubtaskOperators(snapshot, state.Finished, HasFinished: false, place);

        StoredBytes Later(SnapshotSource source)
        {
            StoredBytes bytes = new(source, _threads, _room);
            RestoredHold hold = bytes.Hold();
            holds.Add(hold);
            lock (_holds)
            {
                _holds.Add(hold);
            }

            return bytes;
        }
    }

    // Of files in which there is nothing for anybody here.
    private static void LetGo(List<RestoredHold> holds, SubtaskSnapshot snapshot)
    {
        HashSet<RestoredBytes> asked =
        [
            .. snapshot.Operators.Values
                .Where(static one => !one.Keyed.IsEmpty)
                .SelectMany(static one => one.Keyed.Read().Sections.SelectMany(static section => section.Elsewhere())),
        ];
        foreach (RestoredHold hold in holds.Where(hold => !asked.Contains(hold.Bytes)))
        {
            hold.Dispose();
        }
    }

    /// <summary>What one former subtask has left, by operator.</summary>
    private sealed record SubtaskOperators(
        SubtaskSnapshot Snapshot, TaskResult? Finished, bool HasFinished, string Place)
    {
        public OperatorSnapshot Of(string id) => HasFinished
            ? OperatorSnapshot.Ended
            : Snapshot.Operators.GetValueOrDefault(id, OperatorSnapshot.Empty);
    }

    /// <summary>What the subtasks of one former vertex have left.</summary>
    /// <param name="Vertex">The vertex.</param>
    /// <param name="Heir">The vertex that goes on with its results.</param>
    /// <param name="Subtasks">In their order.</param>
    private sealed record RestoredVertexOperators(
        RestoredVertex Vertex, VertexId Heir, SubtaskOperators[] Subtasks)
    {
        public bool HasFinished => Array.TrueForAll(Subtasks, static one => one.HasFinished);

        // One that is new in the program begins as it would anyway.
        public bool Has(string id) => Array.Exists(Subtasks, one => one.Snapshot.Operators.ContainsKey(id));
    }
}

/// <summary>What a subtask had left when it finished in a former attempt.</summary>
/// <param name="Result">What it left; null when it had not finished.</param>
/// <param name="IsEnd">Whether nothing of its vertex is to run again.</param>
internal readonly record struct FormerResult(TaskResult? Result, bool IsEnd);
