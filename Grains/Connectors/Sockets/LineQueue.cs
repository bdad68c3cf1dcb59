namespace Millrace.Connectors.Sockets;

/// <summary>Lines on their way from the thread that receives them to the loop. Bounded: who adds to a full one
/// waits.</summary>
internal sealed class LineQueue(int most)
{
    private readonly object _lock = new();
    private readonly Queue<string> _lines = new();
    private bool _isEnd;
    private bool _isStopped;

    /// <summary>Adds a line; waits while there is no room. Not on a loop.</summary>
    /// <returns>False when nobody reads any more.</returns>
    public bool Add(string line)
    {
        lock (_lock)
        {
            while (_lines.Count >= most && !_isStopped)
            {
                Monitor.Wait(_lock);
            }

            if (!_isStopped)
            {
                _lines.Enqueue(line);
            }

            return !_isStopped;
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

    /// <summary>Moves lines into a batch.</summary>
    /// <returns>How many.</returns>
    public int Take(ref SourceBatch<string> batch, out bool isEnd)
    {
        lock (_lock)
        {
            int count = Math.Min(batch.Free, _lines.Count);
            for (int i = 0; i < count; i++)
            {
                batch.Add(_lines.Dequeue());
            }

            Monitor.PulseAll(_lock);
            isEnd = _isEnd && _lines.Count == 0;
            return count;
        }
    }
}
