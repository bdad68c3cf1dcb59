namespace Millrace.State.Snapshots.Restored;

/// <summary>The entries of key groups, in turn: while those of some are taken in, those of the next ones are read and
/// checked. Used by one thread at a time.</summary>
internal sealed class GroupFeed : IDisposable
{
    // What is read at a time, unless one group is larger; and most of what is read, or asked for, beside what is being
    // taken in, unless the very next run is larger.
    private const int RunBytes = KeyedSnapshotWriter.BlockBytes;
    private const long BytesAhead = 2 * RunBytes;

    // Where runs are small, they come from many files: of so many of them the next one is asked for before it is due.
    private const int RunsAhead = 16;

    private readonly IReadOnlyList<StoredGroup> _groups;
    private readonly CancellationTokenSource _stop;
    private readonly Queue<GroupRun> _ahead = new();
    private GroupRun? _run;
    private int _next;
    private int _planned;
    private long _bytesAhead;

    /// <param name="groups">The groups.</param>
    /// <param name="cancellationToken">Gives up what is being read.</param>
    public GroupFeed(IReadOnlyList<StoredGroup> groups, CancellationToken cancellationToken = default)
    {
        _groups = groups;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Whether there is a next group.</summary>
    public bool HasNext => _next < _groups.Count;

    /// <summary>Ends when the next group can be had without waiting; null when it can.</summary>
    public Task? Reading
    {
        get
        {
            if (!HasNext || _groups[_next].Elsewhere is null || IsInRun)
            {
                return null;
            }

            PlanAhead();
            return _ahead.Peek().Reading;
        }
    }

    private bool IsInRun => _run is not null && _next < _run.End;

    /// <summary>The entries of the next group, one after the other. Valid until the next call.</summary>
    /// <exception cref="Failures.StreamingException">They cannot be read, or are not those that were
    /// written.</exception>
    /// <exception cref="IOException">They cannot be read; trying again may help.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public ReadOnlySpan<byte> Next()
    {
        _stop.Token.ThrowIfCancellationRequested();
        StoredGroup group = _groups[_next];
        if (group.Elsewhere is null)
        {
            _next++;
            return group.Bytes.Span;
        }

        if (!IsInRun)
        {
            _run?.Dispose();
            PlanAhead();
            _run = _ahead.Dequeue();
            _bytesAhead -= _run.Length;
            PlanAhead();
            _run.Complete();
        }

        _next++;
        return _run!.Take(group.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _run?.Dispose();
        _run = null;
        foreach (GroupRun run in _ahead)
        {
            run.Dispose();
        }

        _ahead.Clear();
        _stop.Dispose();
    }

    private void PlanAhead()
    {
        while (_ahead.Count < RunsAhead
            && TryPlan(out int end, out int bytes)
            && (_ahead.Count == 0 || _bytesAhead + bytes <= BytesAhead))
        {
            GroupRun run = new(_groups, _planned, end, bytes, _stop.Token);
            run.Begin();
            _ahead.Enqueue(run);
            _bytesAhead += bytes;
            _planned = end;
        }
    }

    // The next run: from what is planned so far, behind groups that are in memory.
    private bool TryPlan(out int end, out int bytes)
    {
        while (_planned < _groups.Count && _groups[_planned].Elsewhere is null)
        {
            _planned++;
        }

        end = _planned;
        bytes = 0;
        while (end < _groups.Count
            && _groups[end].Elsewhere is not null
            && _groups[end].Elsewhere == _groups[_planned].Elsewhere
            && (end == _planned || bytes + (long)_groups[end].Length <= RunBytes))
        {
            bytes += _groups[end++].Length;
        }

        return end > _planned;
    }
}
