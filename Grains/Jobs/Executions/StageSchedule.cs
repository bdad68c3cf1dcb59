using System.Collections.Immutable;
using Millrace.Graph;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>Which subtask of a job that runs in stages is next, in which slot, and which have to run again.</summary>
/// <remarks>
/// A stage is a vertex: behind every edge of such a plan its consumers begin when all producers have finished. A slot
/// holds one subtask at a time, so that any number of slots will do. As in Flink, with a subtask that runs again go the
/// producers of what it would not find any more, and all who have read, or are reading, what a finished one had
/// written: a second run may divide its records otherwise.
/// </remarks>
internal sealed class StageSchedule(ExecutionGraph graph)
{
    private readonly List<GrantedSlot> _free = [];
    private readonly HashSet<SubtaskExecution> _holders = [];
    private readonly HashSet<string> _lost = [];
    private readonly bool[] _released = new bool[graph.Plan.Edges.Length];

    /// <summary>Slots that are left, used or not.</summary>
    public int Slots => _free.Count + _holders.Count(holder => !_lost.Contains(holder.Slot!.Silo.Silo));

    /// <summary>Takes slots the job was given.</summary>
    public void Grant(ImmutableArray<GrantedSlot> slots) =>
        _free.AddRange(slots.Where(slot => !_lost.Contains(slot.Silo.Silo)));

    /// <summary>Gives slots to subtasks whose inputs are complete, as long as there are slots.</summary>
    public IReadOnlyList<SubtaskExecution> Next()
    {
        List<SubtaskExecution> next = [];
        for (int vertex = 0; vertex < graph.Plan.Vertices.Length && _free.Count > 0; vertex++)
        {
            if (!IsReady(vertex))
            {
                continue;
            }

            foreach (SubtaskExecution execution in graph.Of(vertex))
            {
                if (execution.State == ExecutionState.Scheduled && execution.Slot is null && _free.Count > 0)
                {
                    graph.Assign(execution, Take(execution));
                    _holders.Add(execution);
                    next.Add(execution);
                }
            }
        }

        return next;
    }

    /// <summary>A subtask has ended: its slot is free.</summary>
    public void Free(SubtaskExecution execution)
    {
        if (_holders.Remove(execution) && !_lost.Contains(execution.Slot!.Silo.Silo))
        {
            _free.Add(execution.Slot);
        }
    }

    /// <summary>A silo is gone with its slots and partitions.</summary>
    /// <returns>Finished producers whose partitions somebody still needs.</returns>
    public IReadOnlyList<SubtaskExecution> Lose(string silo)
    {
        _lost.Add(silo);
        _free.RemoveAll(slot => slot.Silo.Silo == silo);
        return
        [
            .. graph.On(silo).Where(execution => execution.State == ExecutionState.Finished
                && EdgesFrom(execution.Vertex).Any(edge => !_released[edge.Index])),
        ];
    }

    /// <summary>Who has to run again.</summary>
    /// <param name="failed">Subtasks that failed.</param>
    /// <param name="lost">Finished subtasks whose partitions are lost.</param>
    public IReadOnlyList<SubtaskExecution> ToRunAgain(
        IEnumerable<SubtaskExecution> failed, IEnumerable<SubtaskExecution> lost)
    {
        HashSet<SubtaskExecution> found = [.. failed, .. lost];
        Queue<SubtaskExecution> open = new(found);
        while (open.TryDequeue(out SubtaskExecution? execution))
        {
            IEnumerable<SubtaskExecution> more = EdgesTo(execution.Vertex)
                .Where(edge => _released[edge.Index])
                .SelectMany(edge => graph.Of(graph.IndexOf(edge.From)));
            if (execution.State == ExecutionState.Finished)
            {
                more = more.Concat(EdgesFrom(execution.Vertex)
                    .SelectMany(edge => graph.Of(graph.IndexOf(edge.To)))
                    .Where(static consumer => consumer.Slot is not null));
            }

            foreach (SubtaskExecution other in more.Where(found.Add).ToArray())
            {
                open.Enqueue(other);
            }
        }

        foreach (JobEdge edge in found.SelectMany(execution => EdgesTo(execution.Vertex)))
        {
            _released[edge.Index] = false;
        }

        return [.. found.OrderBy(static execution => execution.Vertex).ThenBy(static one => one.Id.Subtask)];
    }

    /// <summary>The partitions that nobody needs any more, once a vertex has finished, by silo.</summary>
    public IEnumerable<(string Silo, ImmutableArray<PartitionId> Partitions)> ReleasedBy(int vertex)
    {
        foreach (JobEdge edge in EdgesTo(vertex).Where(edge => !_released[edge.Index]).ToArray())
        {
            _released[edge.Index] = true;
            foreach ((string silo, ImmutableArray<PartitionId> partitions) in ProducersOf(edge))
            {
                yield return (silo, partitions);
            }
        }
    }

    /// <summary>What consumers on one silo need of others: by silo, edge by edge.</summary>
    public IEnumerable<(string Silo, PartitionOrder Order)> SendsTo(
        IReadOnlyList<SubtaskExecution> consumers, JobId job, JobEpoch epoch)
    {
        foreach (IGrouping<int, SubtaskExecution> vertex in consumers.GroupBy(static consumer => consumer.Vertex))
        {
            SiloEndpoint there = vertex.First().Slot!.Silo;
            ImmutableArray<PartitionReader> readers =
                [.. vertex.Select(consumer => new PartitionReader(consumer.Id, there.Exchange))];
            foreach (JobEdge edge in EdgesTo(vertex.Key))
            {
                foreach ((string silo, ImmutableArray<PartitionId> partitions) in ProducersOf(edge))
                {
                    if (silo != there.Silo)
                    {
                        yield return (silo, new PartitionOrder(job, epoch, partitions, readers));
                    }
                }
            }
        }
    }

    /// <summary>The partitions that a finished subtask has left.</summary>
    public ImmutableArray<PartitionId> PartitionsOf(SubtaskExecution producer) =>
        [.. EdgesFrom(producer.Vertex).Select(edge => new PartitionId(edge.Index, producer.Id))];

    private IEnumerable<(string Silo, ImmutableArray<PartitionId> Partitions)> ProducersOf(JobEdge edge) =>
        graph.Of(graph.IndexOf(edge.From))
            .GroupBy(static producer => producer.Slot!.Silo.Silo)
            .Select(silo => (silo.Key, silo.Select(one => new PartitionId(edge.Index, one.Id)).ToImmutableArray()));

    private bool IsReady(int vertex) =>
        EdgesTo(vertex).All(edge => graph.HasFinished(graph.IndexOf(edge.From)));

    // Where a producer of its own index ran, if there is room: with forward edges that is all of its input.
    private GrantedSlot Take(SubtaskExecution execution)
    {
        string? near = EdgesTo(execution.Vertex)
            .Select(edge => graph.Of(graph.IndexOf(edge.From)))
            .Where(producers => execution.Id.Subtask < producers.Count)
            .Select(producers => producers[execution.Id.Subtask].Slot?.Silo.Silo)
            .FirstOrDefault();
        int index = Math.Max(0, _free.FindIndex(slot => slot.Silo.Silo == near));
        GrantedSlot taken = _free[index];
        _free.RemoveAt(index);
        return taken;
    }

    private IEnumerable<JobEdge> EdgesTo(int vertex) =>
        graph.Plan.Edges.Where(edge => edge.To == graph.Plan.Vertices[vertex].Id);

    private IEnumerable<JobEdge> EdgesFrom(int vertex) =>
        graph.Plan.Edges.Where(edge => edge.From == graph.Plan.Vertices[vertex].Id);
}
