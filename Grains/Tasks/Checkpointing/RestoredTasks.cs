using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Operators;
using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.Tasks.Checkpointing;

/// <summary>What the subtasks of a deployment go on from.</summary>
internal sealed class RestoredTasks
{
    private const string InMetadata = "the checkpoint's metadata";

    private readonly Dictionary<VertexId, SubtaskOperators[]> _vertices = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="CheckpointCorruptedException">A file is missing, or is not what was written.</exception>
    public static async Task<RestoredTasks> ReadAsync(
        TaskDeploymentList list, ICheckpointStorage storage, CancellationToken cancellationToken)
    {
        RestoredTasks restored = new();
        foreach (RestoredVertex vertex in list.Restored ?? [])
        {
            if (list.Tasks.Any(task => task.Attempt.Vertex == vertex.Vertex))
            {
                SubtaskOperators[] subtasks = new SubtaskOperators[vertex.Subtasks.Length];
                for (int i = 0; i < subtasks.Length; i++)
                {
                    subtasks[i] = await ReadAsync(list.Job, vertex.Subtasks[i], storage, cancellationToken);
                }

                restored._vertices.Add(vertex.Vertex, subtasks);
            }
        }

        return restored;
    }

    /// <summary>Gives the operators of a subtask what is theirs.</summary>
    /// <returns>What it had left when it finished, if it had.</returns>
    public FormerResult Restore(SubtaskInfo info, OperatorChain chain)
    {
        if (!_vertices.TryGetValue(info.Attempt.Vertex, out SubtaskOperators[]? subtasks))
        {
            return default;
        }

        // While others of its vertex are still at work it runs again, without state: what they read may come to it.
        int subtask = info.Attempt.Subtask;
        FormerResult former = new(
            subtasks.ElementAtOrDefault(subtask)?.Finished,
            Array.TrueForAll(subtasks, one => one.HasFinished));
        if (former.IsEnd)
        {
            return former;
        }

        foreach (StreamOperator step in chain.Steps)
        {
            if (chain.IdOf(step) is { } id)
            {
                OperatorSnapshot[] all =
                [
                    .. subtasks.Select(one => one.Operators.GetValueOrDefault(id, OperatorSnapshot.Empty)),
                ];
                Restore(step, step.SharesItems ? all : Dealt(all, subtask, info.Vertex.Parallelism), subtasks);
            }
        }

        return former;
    }

    // Written by a newer version, say: the bytes are those that were written, and this one does not understand them.
    private static void Restore(StreamOperator step, OperatorSnapshot[] snapshots, SubtaskOperators[] subtasks)
    {
        try
        {
            step.Restore(snapshots);
        }
        catch (RecordCorruptedException exception)
        {
            throw new CheckpointCorruptedException(
                string.Join(", ", subtasks.Select(static one => one.Place).Distinct()),
                $"what operator '{step.GetType().Name}' keeps cannot be read. {exception.Message}",
                exception,
                exception.Offset);
        }
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

    private static async Task<SubtaskOperators> ReadAsync(
        JobId job, SubtaskState state, ICheckpointStorage storage, CancellationToken cancellationToken)
    {
        if (state.State is not { } handle)
        {
            return new SubtaskOperators(
                new Dictionary<string, OperatorSnapshot>(), state.Finished, HasFinished: true, InMetadata);
        }

        string place = handle.File is null ? InMetadata : storage.Describe(job, handle.File);
        byte[] bytes = handle.Bytes ?? await storage.ReadAsync(job, handle.File!, cancellationToken);
        if (bytes.Length != handle.Length)
        {
            throw new CheckpointCorruptedException(
                place,
                $"it has {bytes.Length} bytes, and {handle.Length} were written.",
                offset: Math.Min(bytes.Length, handle.Length));
        }

        uint checksum = Checksum.Of(bytes);
        if (checksum != handle.Checksum)
        {
            throw new CheckpointCorruptedException(
                place,
                $"the checksum of its {bytes.Length} bytes is {checksum:x8}, and {handle.Checksum:x8} was written.",
                offset: 0);
        }

        try
        {
            return new SubtaskOperators(
                SubtaskSnapshotFormat.Read(bytes), state.Finished, HasFinished: false, place);
        }
        catch (RecordCorruptedException exception)
        {
            throw new CheckpointCorruptedException(place, exception.Message, exception, exception.Offset);
        }
    }

    /// <summary>What one former subtask has left, by operator.</summary>
    private sealed record SubtaskOperators(
        IReadOnlyDictionary<string, OperatorSnapshot> Operators, TaskResult? Finished, bool HasFinished, string Place);
}

/// <summary>What a subtask had left when it finished in a former attempt.</summary>
/// <param name="Result">What it left; null when it had not finished.</param>
/// <param name="IsEnd">Whether nothing of its vertex is to run again.</param>
internal readonly record struct FormerResult(TaskResult? Result, bool IsEnd);
