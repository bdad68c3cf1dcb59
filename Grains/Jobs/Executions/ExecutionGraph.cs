using System.Collections.Immutable;
using Millrace.Graph;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>A plan times parallelism: the current attempt of every subtask. Edges stay as the plan has them, one for
/// all
/// pairs of subtasks.</summary>
internal sealed class ExecutionGraph
{
    private readonly JobId _job;
    private readonly Dictionary<VertexId, int> _vertices = [];
    private readonly SubtaskExecution[][] _executions;
    private readonly Dictionary<string, List<SubtaskExecution>> _bySilo = [];
    private readonly int[] _counts = new int[Enum.GetValues<ExecutionState>().Length];

    public ExecutionGraph(JobId job, JobGraph plan, int attempt)
    {
        _job = job;
        Plan = plan;
        Attempt = attempt;
        _executions = new SubtaskExecution[plan.Vertices.Length][];
        for (int vertex = 0; vertex < plan.Vertices.Length; vertex++)
        {
            _vertices.Add(plan.Vertices[vertex].Id, vertex);
        }

        Fill();
    }

    public JobGraph Plan { get; }

    /// <summary>Number of the current attempts, the same for all subtasks.</summary>
    public int Attempt { get; private set; }

    /// <summary>Grows with every change of a state.</summary>
    public long Changes { get; private set; }

    /// <summary>Number of subtasks.</summary>
    public int Count { get; private set; }

    public bool AllFinished => _counts[(int)ExecutionState.Finished] == Count;

    public bool AllEnded => _counts[(int)ExecutionState.Finished] + _counts[(int)ExecutionState.Canceled]
        + _counts[(int)ExecutionState.Failed] == Count;

    /// <summary>The silos that subtasks were given slots on.</summary>
    public IReadOnlyCollection<string> Silos => _bySilo.Keys;

    public IEnumerable<SubtaskExecution> All => _executions.SelectMany(static vertex => vertex);

    /// <summary>How many subtasks are in which state.</summary>
    public ImmutableArray<SubtaskCount> Counts =>
    [
        .. _counts.Index()
            .Where(static count => count.Item > 0)
            .Select(static count => new SubtaskCount((ExecutionState)count.Index, count.Item)),
    ];

    /// <summary>By subtask index.</summary>
    public IReadOnlyList<SubtaskExecution> Of(int vertex) => _executions[vertex];

    /// <summary>The subtasks that were given slots on a silo.</summary>
    public IReadOnlyList<SubtaskExecution> On(string silo) =>
        _bySilo.TryGetValue(silo, out List<SubtaskExecution>? found) ? found : [];

    /// <summary>The execution of an attempt, or null when it is not, or no longer, a current one.</summary>
    public SubtaskExecution? Find(ExecutionAttemptId id) =>
        id.Job == _job
        && id.Attempt == Attempt
        && _vertices.TryGetValue(id.Vertex, out int vertex)
        && (uint)id.Subtask < (uint)_executions[vertex].Length
            ? _executions[vertex][id.Subtask]
            : null;

    /// <summary>Changes a state, if the change is one that may happen.</summary>
    public bool TryMove(SubtaskExecution execution, ExecutionState to, DateTimeOffset now)
    {
        if (!execution.State.MayBecome(to))
        {
            return false;
        }

        _counts[(int)execution.State]--;
        _counts[(int)to]++;
        execution.State = to;
        Changes++;
        if (to == ExecutionState.Deploying)
        {
            execution.StartedAt = now;
        }

        if (to.IsTerminal())
        {
            execution.EndedAt = now;
        }

        return true;
    }

    /// <summary>Gives a subtask its place.</summary>
    public void Assign(SubtaskExecution execution, GrantedSlot slot)
    {
        execution.Slot = slot;
        if (!_bySilo.TryGetValue(slot.Silo.Silo, out List<SubtaskExecution>? onSilo))
        {
            _bySilo.Add(slot.Silo.Silo, onSilo = []);
        }

        onSilo.Add(execution);
    }

    /// <summary>Replaces every attempt by the next one. All of them must have ended.</summary>
    public void NextAttempts()
    {
        if (!AllEnded)
        {
            throw new InvalidOperationException("Attempts are replaced while some of them have not ended.");
        }

        Attempt++;
        _bySilo.Clear();
        Array.Clear(_counts);
        Fill();
    }

    private void Fill()
    {
        Count = 0;
        for (int vertex = 0; vertex < _executions.Length; vertex++)
        {
            JobVertex planned = Plan.Vertices[vertex];
            SubtaskExecution[] subtasks = new SubtaskExecution[planned.Parallelism];
            for (int subtask = 0; subtask < subtasks.Length; subtask++)
            {
                subtasks[subtask] = new SubtaskExecution(
                    vertex, new ExecutionAttemptId(_job, planned.Id, subtask, Attempt));
            }

            _executions[vertex] = subtasks;
            Count += subtasks.Length;
        }

        _counts[(int)ExecutionState.Created] = Count;
        Changes++;
    }
}
