using System.Collections.Concurrent;
using Millrace.Batches;

namespace Millrace.Network;

/// <summary>Which channels of a gate have something to read, so that thousands of idle ones cost nothing.</summary>
/// <remarks>
/// <para>
/// A channel is <i>announced</i> from the moment something was added to it until its reader found it empty. The
/// producer adds first and announces then; the reader withdraws the announcement first and looks once more then, each
/// with a full fence between. So either the reader's second look finds the element, or the producer finds the
/// announcement withdrawn, makes it anew and wakes the reader: no element is left behind unannounced.
/// </para>
/// <para>The gate is woken once per announcement, not per element: while it reads a channel, that one stays
/// announced.</para>
/// </remarks>
internal sealed class ReadyChannels(int channels, Action wake)
{
    private readonly ConcurrentQueue<int> _arrived = new();
    private readonly ConcurrentQueue<(int Channel, StreamElement Control)> _foretold = new();
    private readonly int[] _announced = new int[channels];

    /// <summary>Says that something was added to a channel. From any thread.</summary>
    public void Announce(int channel)
    {
        if (Interlocked.Exchange(ref _announced[channel], 1) == 0)
        {
            _arrived.Enqueue(channel);
            wake();
        }
    }

    /// <summary>Says that a barrier, or the end of data, waits in a channel, however much stands in front of it. From
    /// any thread, after it was added.</summary>
    public void Foretell(int channel, StreamElement control)
    {
        if (control is CheckpointBarrier or EndOfData)
        {
            _foretold.Enqueue((channel, control));
            wake();
        }
    }

    /// <summary>Takes what was foretold first. The reader's.</summary>
    public bool TryTakeForetold(out (int Channel, StreamElement Control) foretold) =>
        _foretold.TryDequeue(out foretold);

    /// <summary>Takes a channel that was announced since; it stays announced. The reader's.</summary>
    public bool TryTake(out int channel) => _arrived.TryDequeue(out channel);

    /// <summary>Withdraws the announcement of a channel that was found empty. Look once more afterwards. The
    /// reader's.</summary>
    public void Withdraw(int channel) => Interlocked.Exchange(ref _announced[channel], 0);

    /// <summary>Announces a channel that was not empty after all. The reader's.</summary>
    /// <returns>False when the producer was faster: the channel comes by <see cref="TryTake"/>.</returns>
    public bool Keep(int channel) => Interlocked.Exchange(ref _announced[channel], 1) == 0;
}
