namespace Millrace.Tasks.Input;

/// <summary>The watermarks of channels, the least of them at hand. A change costs the logarithm of their
/// number.</summary>
/// <param name="channels">Number of channels.</param>
internal sealed class WatermarkHeap(int channels)
{
    private const int Outside = -1;

    private readonly long[] _watermarks = new long[channels];
    private readonly int[] _heap = new int[channels];
    private readonly int[] _placeOf = [.. Enumerable.Repeat(Outside, channels)];

    /// <summary>Number of channels that take part.</summary>
    public int Count { get; private set; }

    /// <summary>The least watermark of those that take part; there is one.</summary>
    public long Least => _watermarks[_heap[0]];

    /// <summary>Whether a channel takes part.</summary>
    public bool Has(int channel) => _placeOf[channel] != Outside;

    /// <summary>Lets a channel take part that does not.</summary>
    public void Add(int channel, long watermark)
    {
        _watermarks[channel] = watermark;
        Rise(Count++, channel);
    }

    /// <summary>Raises the watermark of a channel that takes part.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="watermark">Not less than before.</param>
    public void Raise(int channel, long watermark)
    {
        _watermarks[channel] = watermark;
        Sink(_placeOf[channel], channel);
    }

    /// <summary>Lets a channel that takes part do so no longer.</summary>
    public void Remove(int channel)
    {
        int place = _placeOf[channel];
        _placeOf[channel] = Outside;
        int last = _heap[--Count];
        if (last == channel)
        {
            return;
        }

        // The last one fills the gap, and may belong above or below it.
        Put(place, last);
        Rise(place, last);
        Sink(_placeOf[last], last);
    }

    private void Rise(int place, int channel)
    {
        while (place > 0)
        {
            int above = (place - 1) / 2;
            if (_watermarks[_heap[above]] <= _watermarks[channel])
            {
                break;
            }

            Put(place, _heap[above]);
            place = above;
        }

        Put(place, channel);
    }

    private void Sink(int place, int channel)
    {
        while (true)
        {
            int below = (2 * place) + 1;
            if (below >= Count)
            {
                break;
            }

            if (below + 1 < Count && _watermarks[_heap[below + 1]] < _watermarks[_heap[below]])
            {
                below++;
            }

            if (_watermarks[channel] <= _watermarks[_heap[below]])
            {
                break;
            }

            Put(place, _heap[below]);
            place = below;
        }

        Put(place, channel);
    }

    private void Put(int place, int channel)
    {
        _heap[place] = channel;
        _placeOf[channel] = place;
    }
}
