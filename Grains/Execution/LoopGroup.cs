namespace Millrace.Execution;

/// <summary>The loops of one job, as their schedule sees them. Under the workers' lock.</summary>
internal sealed class LoopGroup(string name)
{
    private readonly PriorityQueue<ScheduledLoop, long> _queue = new();

    public string Name { get; } = name;

    /// <summary>What the loop that ran last had used.</summary>
    public long Floor { get; set; }

    /// <summary>Processor time used by all its loops, in nanoseconds; raised when it comes back from waiting.</summary>
    public long Used { get; set; }

    /// <summary>Loops that have not ended.</summary>
    public int Loops { get; set; }

    /// <summary>Loops that run on the shared workers, or want to.</summary>
    public int Active { get; set; }

    public bool HasQueued => _queue.Count > 0;

    public void Enqueue(ScheduledLoop loop, long credit)
    {
        loop.Used = Math.Max(loop.Used, Floor - credit);
        _queue.Enqueue(loop, loop.Used);
    }

    /// <summary>The queued loop that has used least.</summary>
    public ScheduledLoop Dequeue()
    {
        ScheduledLoop loop = _queue.Dequeue();
        Floor = Math.Max(Floor, loop.Used);
        return loop;
    }
}

/// <summary>What the schedule knows of a loop. Under the workers' lock.</summary>
internal abstract class ScheduledLoop(LoopGroup group) : LoopHandle
{
    public LoopGroup Group { get; } = group;

    /// <summary>Processor time used, in nanoseconds; raised when it comes back from waiting.</summary>
    public long Used { get; set; }
}
