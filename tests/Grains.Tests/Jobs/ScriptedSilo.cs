using System.Collections.Immutable;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>Where an attempt is on its silo.</summary>
internal enum TaskStage
{
    Built,
    Running,
    Ended,
}

/// <summary>A silo's subtasks.</summary>
internal sealed class ScriptedSilo
{
    public bool IsAlive { get; private set; } = true;

    public Dictionary<ExecutionAttemptId, TaskStage> Tasks { get; } = [];

    public void Lose() => IsAlive = false;

    public void Clear()
    {
        foreach (ExecutionAttemptId attempt in Tasks.Keys)
        {
            Tasks[attempt] = TaskStage.Ended;
        }
    }

    public bool TryBuild(ImmutableArray<ExecutionAttemptId> attempts)
    {
        if (!IsAlive || attempts.Any(Tasks.ContainsKey))
        {
            return false;
        }

        foreach (ExecutionAttemptId attempt in attempts)
        {
            Tasks.Add(attempt, TaskStage.Built);
        }

        return true;
    }

    public IEnumerable<ExecutionAttemptId> Start(ImmutableArray<ExecutionAttemptId> attempts)
    {
        foreach (ExecutionAttemptId attempt in attempts)
        {
            if (IsAlive && Tasks.TryGetValue(attempt, out TaskStage stage) && stage == TaskStage.Built)
            {
                Tasks[attempt] = TaskStage.Running;
                yield return attempt;
            }
        }
    }

    public bool TryEnd(ExecutionAttemptId attempt)
    {
        if (!IsAlive || !Tasks.TryGetValue(attempt, out TaskStage stage) || stage == TaskStage.Ended)
        {
            return false;
        }

        Tasks[attempt] = TaskStage.Ended;
        return true;
    }
}
