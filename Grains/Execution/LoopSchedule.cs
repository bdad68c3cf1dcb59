namespace Millrace.Execution;

/// <summary>Which loop runs next: of the job that has used least, the loop that has used least.</summary>
/// <remarks>
/// Used is processor time. Waiting saves up no credit: a loop or job that comes back begins where its peers are. One
/// that wanted to run all the while and did not come to it (its thread was put aside by the system, or it had fewer
/// loops than workers that were free) may catch up, within <see cref="Credit"/>. Not thread-safe: under the workers'
/// lock.
/// </remarks>
internal sealed class LoopSchedule
{
    /// <summary>Most processor time that can be caught up, in nanoseconds.</summary>
    private const long Credit = 100_000_000;

    /// <summary>Least charge of a round, so that rounds too short for the clock take turns too.</summary>
    private const long LeastCharge = 1_000;

    private readonly Dictionary<string, LoopGroup> _groups = [];

    // What the job that ran last had used.
    private long _floor;

    /// <summary>Loops that take turns: those that run, and those that want to.</summary>
    public int Active { get; private set; }

    /// <summary>The group of a new loop.</summary>
    public LoopGroup Join(LoopShare share)
    {
        if (!_groups.TryGetValue(share.Group, out LoopGroup? group))
        {
            group = new LoopGroup(share.Group);
            _groups.Add(share.Group, group);
        }

        group.Loops++;
        return group;
    }

    /// <summary>A loop has ended.</summary>
    public void Leave(LoopGroup group)
    {
        if (--group.Loops == 0)
        {
            _groups.Remove(group.Name);
        }
    }

    /// <summary>A loop that waited wants to run.</summary>
    public void Wake(ScheduledLoop loop)
    {
        LoopGroup group = loop.Group;
        Active++;
        group.Used = Math.Max(group.Used, group.Active++ == 0 ? _floor : _floor - Credit);
        group.Enqueue(loop, credit: 0);
    }

    /// <summary>A loop that ran wants to run again.</summary>
    public void Requeue(ScheduledLoop loop)
    {
        loop.Group.Used = Math.Max(loop.Group.Used, _floor - Credit);
        loop.Group.Enqueue(loop, Credit);
    }

    /// <summary>A loop that was running waits, has ended or leaves the shared workers.</summary>
    public void Rest(ScheduledLoop loop)
    {
        Active--;
        loop.Group.Active--;
    }

    /// <summary>A round is over.</summary>
    /// <param name="loop">Whose round.</param>
    /// <param name="nanoseconds">What it used.</param>
    public static void Charge(ScheduledLoop loop, long nanoseconds)
    {
        long charge = Math.Max(nanoseconds, LeastCharge);
        loop.Used += charge;
        loop.Group.Used += charge;
    }

    /// <summary>How much more a loop that takes no turns, or its job, has used than those that do.</summary>
    /// <returns>Nanoseconds; not positive when it has used no more, or nobody else wants to run.</returns>
    public long AheadOfOthers(ScheduledLoop loop)
    {
        LoopGroup group = loop.Group;
        long ahead = group.Active > 0 ? loop.Used - group.Floor : 0;
        return Math.Max(ahead, group.Used - LeastOfOthers(group));
    }

    /// <summary>A loop that takes no turns runs a round. As for one that does, time in which it did not run is not
    /// saved up beyond <see cref="Credit"/>, and whoever comes back from waiting begins where it is.</summary>
    public void Pass(ScheduledLoop loop)
    {
        LoopGroup group = loop.Group;
        group.Used = Math.Max(group.Used, _floor - Credit);
        _floor = Math.Max(_floor, Math.Min(group.Used, LeastOfOthers(group)));
        loop.Used = Math.Max(loop.Used, group.Floor - Credit);
        if (group.Active == 0)
        {
            group.Floor = Math.Max(group.Floor, loop.Used);
        }
    }

    /// <summary>Takes out the loop whose turn it is; null when none wants to run.</summary>
    public ScheduledLoop? Dequeue()
    {
        LoopGroup? least = null;
        foreach (LoopGroup group in _groups.Values)
        {
            if (group.HasQueued && (least is null || group.Used < least.Used))
            {
                least = group;
            }
        }

        if (least is null)
        {
            return null;
        }

        _floor = Math.Max(_floor, least.Used);
        return least.Dequeue();
    }

    // Of the jobs that want to run.
    private long LeastOfOthers(LoopGroup group)
    {
        long least = long.MaxValue;
        foreach (LoopGroup other in _groups.Values)
        {
            if (other != group && other.Active > 0)
            {
                least = Math.Min(least, other.Used);
            }
        }

        return least;
    }
}
