namespace Millrace.Connectors.Sockets;

/// <summary>Lines on their way from the thread that receives them to the loop, many at a time. Bounded: who adds to a
/// full one waits.</summary>
/// <remarks>There are two arrays: while lines are added to one, those of the other are lent to whoever reads; they
/// change places when all of that one are read.</remarks>
/// <param name="most">Most lines that wait, from 1.</param>
internal sealed class LineQueue(int most)
{
    private const int FewLines = 256;

    private readonly object _lock = new();
    private string[] _added = [];
    private int _addedCount;
    private int _waiting;
    private bool _isEnd;
    private bool _isStopped;

    // Of the loop alone.
    private string[] _read = [];
    private int _readCount;
    private int _next;

    /// <summary>Adds lines, as many as there is room for; waits until there is some. Not on a loop.</summary>
    /// <param name="lines">From one line.</param>
    /// <returns>How many; none when nobody reads any more.</returns>
    public int Add(ReadOnlySpan<string> lines)
    {
        lock (_lock)
        {
            while (_waiting >= most && !_isStopped)
            {
                Monitor.Wait(_lock);
            }

            if (_isStopped)
            {
                return 0;
            }

            int count = Math.Min(lines.Length, most - _waiting);
            Reserve(_addedCount + count);
            lines[..count].CopyTo(_added.AsSpan(_addedCount));
            _addedCount += count;
            _waiting += count;
            return count;
        }
    }

    /// <summary>No line follows.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnd = true;
        }
    }

    /// <summary>Nobody reads any more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Lends lines to a batch; what was lent before is done with. On the loop.</summary>
    /// <returns>How many.</returns>
    public int Take(ref SourceBatch<string> batch, out bool isEnd)
    {
        if (_next == _readCount)
        {
            Exchange();
        }

        int count = batch.Lend(_read.AsMemory(_next, _readCount - _next));
        _next += count;
        lock (_lock)
        {
            _waiting -= count;
            isEnd = _isEnd && _waiting == 0;
            Monitor.PulseAll(_lock);
        }

        return count;
    }

    // What was read is let go of before others are written in its place.
    private void Exchange()
    {
        Array.Clear(_read, 0, _readCount);
        _next = 0;
        lock (_lock)
        {
            (_read, _added) = (_added, _read);
            (_readCount, _addedCount) = (_addedCount, 0);
        }
    }

    private void Reserve(int count)
    {
        if (_added.Length < count)
        {
            Array.Resize(ref _added, Math.Max(count, Math.Max(FewLines, (int)Math.Min(2L * _added.Length, most))));
        }
    }
}
