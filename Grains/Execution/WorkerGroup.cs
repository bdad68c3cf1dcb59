namespace Millrace.Execution;

/// <summary>The loops of one job, as the workers see them. Under the workers' lock.</summary>
internal sealed class WorkerGroup(string name)
{
    private readonly PriorityQueue<WorkerLoop, long> _queue = new();

    public string Name { get; } = name;

    /// <summary>Ticks used by all its loops.</summary>
    public long VirtualTicks { get; set; }

    /// <summary>Loops that have not ended.</summary>
    public int Loops { get; set; }

    public bool HasQueued => _queue.Count > 0;

    /// <summary>
    /// Ticks of the loop that ran last, below which none that comes back may fall: waiting saves no credit.
    /// </summary>
    private long Floor { get; set; }

    public void Enqueue(WorkerLoop loop)
    {
        loop.VirtualTicks = Math.Max(loop.VirtualTicks, Floor);
        _queue.Enqueue(loop, loop.VirtualTicks);
    }

    /// <summary>The queued loop that has used least.</summary>
    public WorkerLoop Dequeue()
    {
        WorkerLoop loop = _queue.Dequeue();
        Floor = Math.Max(Floor, loop.VirtualTicks);
        return loop;
    }
}
