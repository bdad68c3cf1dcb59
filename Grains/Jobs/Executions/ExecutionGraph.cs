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
    private readonly Dictionary<ExecutionAttemptId, SubtaskExecution> _retiring = [];
    private readonly int[] _finished;
    private readonly int[] _counts = new int[Enum.GetValues<ExecutionState>().Length];

    public ExecutionGraph(JobId job, JobGraph plan, int attempt)
    {
        _job = job;
        Plan = plan;
        Attempt = attempt;
        Round = attempt;
        _executions = new SubtaskExecution[plan.Vertices.Length][];
        _finished = new int[plan.Vertices.Length];
        for (int vertex = 0; vertex < plan.Vertices.Length; vertex++)
        {
            _vertices.Add(plan.Vertices[vertex].Id, vertex);
        }

        Fill();
    }

    public JobGraph Plan { get; }

    /// <summary>Highest number of an attempt: the same for all subtasks, unless some of them run again.</summary>
    public int Attempt { get; private set; }

    /// <summary>Number of the attempts that all subtasks began with together. Some of them may run again under a higher
    /// one.</summary>
    public int Round { get; private set; }

    /// <summary>Grows with every change of a state.</summary>
    public long Changes { get; private set; }

    /// <summary>Number of subtasks.</summary>
    public int Count { get; private set; }

    public bool AllFinished => _counts[(int)ExecutionState.Finished] == Count;

    public bool AllEnded => _counts[(int)ExecutionState.Finished] + _counts[(int)ExecutionState.Canceled]
        + _counts[(int)ExecutionState.Failed] == Count;

    /// <summary>Attempts that were replaced and have not ended.</summary>
    public IReadOnlyCollection<SubtaskExecution> Retiring => _retiring.Values;

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
        && _vertices.TryGetValue(id.Vertex, out int vertex)
        && (uint)id.Subtask < (uint)_executions[vertex].Length
        && _executions[vertex][id.Subtask] is var execution
        && execution.Id == id
            ? execution
            : null;

    /// <summary>Zero-based index of a vertex in the plan.</summary>
    public int IndexOf(VertexId vertex) => _vertices[vertex];

    /// <summary>Whether all subtasks of a vertex have finished.</summary>
    public bool HasFinished(int vertex) => _finished[vertex] == _executions[vertex].Length;

    /// <summary>Changes a state, if the change is one that may happen.</summary>
    public bool TryMove(SubtaskExecution execution, ExecutionState to, DateTimeOffset now)
    {
        if (!execution.State.MayBecome(to))
        {
            return false;
        }

        _counts[(int)execution.State]--;
        _counts[(int)to]++;
        _finished[execution.Vertex] += to == ExecutionState.Finished ? 1 : 0;
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

    /// <summary>Raises the number that attempts from now on have.</summary>
    public void RaiseAttempt() => Attempt++;

    /// <summary>Replaces one attempt by a new one. If it has not ended, it is kept aside until it has.</summary>
    public SubtaskExecution Replace(SubtaskExecution execution)
    {
        SubtaskExecution next = new(execution.Vertex, execution.Id with { Attempt = Attempt });
        _executions[execution.Vertex][execution.Id.Subtask] = next;
        _counts[(int)execution.State]--;
        _counts[(int)ExecutionState.Created]++;
        _finished[execution.Vertex] -= execution.State == ExecutionState.Finished ? 1 : 0;
        Changes++;
        if (execution.Slot is { } slot && _bySilo.TryGetValue(slot.Silo.Silo, out List<SubtaskExecution>? onSilo))
        {
            onSilo.Remove(execution);
            if (onSilo.Count == 0)
            {
                _bySilo.Remove(slot.Silo.Silo);
            }
        }

        if (!execution.State.IsTerminal() && execution.Slot is not null)
        {
            _retiring.Add(execution.Id, execution);
        }

        return next;
    }

    /// <summary>A replaced attempt has ended.</summary>
    /// <returns>Null when it is none of those.</returns>
    public SubtaskExecution? EndRetired(ExecutionAttemptId id) =>
        _retiring.Remove(id, out SubtaskExecution? retired) ? retired : null;

    /// <summary>Replaces every attempt by the next one. All of them must have ended.</summary>
    public void NextAttempts()
    {
        if (!AllEnded || _retiring.Count > 0)
        {
            throw new InvalidOperationException("Attempts are replaced while some of them have not ended.");
        }

        Round = ++Attempt;
        _bySilo.Clear();
        Array.Clear(_counts);
        Array.Clear(_finished);
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
