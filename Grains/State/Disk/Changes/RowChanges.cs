using Millrace.State.Snapshots;

namespace Millrace.State.Disk.Changes;

/// <summary>Which rows of a database have changed since the last checkpoint that was completed. Belongs to one loop.
/// </summary>
/// <remarks>
/// From one freeze to the next is a stretch: the rows written in it are kept until a checkpoint behind it is complete.
/// When they take more than a part of the state itself, or of stretches there are too many, changes are given up, and
/// the next freeze is a beginning again.
/// </remarks>
/// <param name="space">Where rows go that are many.</param>
/// <param name="mostBytes">Says how many bytes of rows are worth it; asked now and then.</param>
internal sealed class RowChanges(DiskStateSpace space, Func<long> mostBytes) : IDisposable
{
    private const int MostStretches = 8;

    private readonly List<Stretch> _stretches = [];
    private Stretch? _open;

    // The first freeze behind which every change is known.
    private long _beginning;

    /// <summary>A row is written.</summary>
    /// <exception cref="DiskStateException">The disk is full, or fails.</exception>
    public void Add(ReadOnlySpan<byte> row, bool isRemoved)
    {
        if (_open is not null && _open.Rows.Add(row, isRemoved) && LengthOfAll() > mostBytes())
        {
            GiveUp();
        }
    }

    /// <summary>Everything may have changed: the next freeze is a beginning.</summary>
    public void GiveUp()
    {
        _open?.Hold.Dispose();
        _open = null;
        LetGo(_stretches.Count);
    }

    /// <summary>The rows are frozen: a stretch ends.</summary>
    /// <param name="order">What they are frozen for.</param>
    /// <returns>Rows written since the checkpoint that is built upon, held by nobody else; null when they are not
    /// known.</returns>
    public IReadOnlyList<ChangedRows>? Freeze(in SnapshotOrder order)
    {
        if (!order.TracksChanges || _stretches.Count >= MostStretches)
        {
            GiveUp();
        }

        if (!order.TracksChanges)
        {
            return null;
        }

        bool isKnown = _open is not null && order.BuildsOn > 0 && order.BuildsOn >= _beginning;
        if (_open is null)
        {
            _beginning = order.Checkpoint;
        }
        else
        {
            _stretches.Add(_open with { End = order.Checkpoint });
        }

        ChangedRows rows = new(space);
        _open = new Stretch(0, rows, rows.Hold());
        long buildsOn = order.BuildsOn;
        return isKnown
            ? [.. _stretches.Where(stretch => stretch.End > buildsOn).Select(static stretch => stretch.Rows)]
            : null;
    }

    /// <summary>A checkpoint is complete.</summary>
    public void Completed(long checkpoint)
    {
        int count = _stretches.TakeWhile(stretch => stretch.End <= checkpoint).Count();
        if (count > 0)
        {
            // What builds upon an earlier one, however it comes to that, is not told less than has changed.
            _beginning = Math.Max(_beginning, _stretches[count - 1].End);
            LetGo(count);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => GiveUp();

    private long LengthOfAll() => _open!.Rows.Length + _stretches.Sum(static stretch => stretch.Rows.Length);

    private void LetGo(int count)
    {
        _stretches.GetRange(0, count).ForEach(static stretch => stretch.Hold.Dispose());
        _stretches.RemoveRange(0, count);
    }

    private sealed record Stretch(long End, ChangedRows Rows, IDisposable Hold);
}
