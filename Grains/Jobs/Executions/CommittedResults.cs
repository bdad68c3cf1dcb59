using Millrace.Checkpointing;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>What finished subtasks had left, and a completed checkpoint has committed ahead of the job's end: when they
/// tell of it again, it counts no more. Within one round of attempts.</summary>
internal sealed class CommittedResults
{
    private readonly Dictionary<(VertexId Vertex, int Subtask), List<OperatorCommittables>> _committed = [];

    /// <summary>Adds what finished subtasks have left in a checkpoint that commits it.</summary>
    public void Add(CheckpointMetadata checkpoint)
    {
        foreach (RestoredVertex vertex in checkpoint.Vertices)
        {
            for (int subtask = 0; subtask < vertex.Subtasks.Length; subtask++)
            {
                if (vertex.Subtasks[subtask].Finished is { Committables.IsEmpty: false } finished)
                {
                    if (!_committed.TryGetValue((vertex.Vertex, subtask), out List<OperatorCommittables>? own))
                    {
                        _committed.Add((vertex.Vertex, subtask), own = []);
                    }

                    own.AddRange(finished.Committables);
                }
            }
        }
    }

    /// <summary>A new round begins, from a checkpoint that tells of it as committed.</summary>
    public void Clear() => _committed.Clear();

    /// <summary>What a subtask tells, without what is committed of it. Of equal ones each counts once.</summary>
    public TaskResult? Without(ExecutionAttemptId attempt, TaskResult? told) =>
        told is not null && _committed.TryGetValue((attempt.Vertex, attempt.Subtask), out var committed)
            ? told with { Committables = [.. told.Committables.Select(sink => Without(sink, committed))] }
            : told;

    private static OperatorCommittables Without(OperatorCommittables told, List<OperatorCommittables> committed)
    {
        List<byte[]> gone = [.. committed.Where(one => one.Operator == told.Operator).SelectMany(one => one.Items)];
        return told with { Items = [.. told.Items.Where(item => !IsGone(item))] };

        bool IsGone(byte[] item)
        {
            int index = gone.FindIndex(one => one.AsSpan().SequenceEqual(item));
            if (index >= 0)
            {
                gone.RemoveAt(index);
            }

            return index >= 0;
        }
    }
}
