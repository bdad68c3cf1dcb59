using System.Runtime.InteropServices;

namespace Millrace.Network;

/// <summary>How much waits between a producer and whoever takes it, and when the producer must wait in turn.</summary>
/// <remarks>
/// A dead band keeps the producer from fluttering: at the mark it stops, and goes on when half of that is left. No
/// wake-up is lost: the producer notes that it waits first and counts what is left then; the taker counts what it took
/// first and looks for the note then, each with a full fence between. So either the producer sees the room, or the
/// taker sees the note and wakes it.
/// </remarks>
internal sealed class Backlog
{
    private Amounts _amounts;
    private Action? _wake;
    private long _mark = long.MaxValue;
    private bool _stopped;
    private bool _open;
    private int _producerWaits;

    /// <summary>What waits at present; from any thread, a little behind.</summary>
    public long Waiting => Volatile.Read(ref _amounts.Added) - Volatile.Read(ref _amounts.Taken);

    /// <summary>Whether the producer may go on; if not, it is woken when it may. The producer's.</summary>
    public bool HasRoom
    {
        get
        {
            if (!_stopped)
            {
                return true;
            }

            Interlocked.Exchange(ref _producerWaits, 1);
            if (Waiting > _mark / 2 && !Volatile.Read(ref _open))
            {
                return false;
            }

            Volatile.Write(ref _producerWaits, 0);
            _stopped = false;
            return true;
        }
    }

    /// <summary>Sets the mark, before anything is added.</summary>
    public void Limit(long mark, Action wake)
    {
        _mark = mark;
        _wake = wake;
    }

    /// <summary>Counts what is about to be queued. The producer's.</summary>
    public void Add(long amount)
    {
        Volatile.Write(ref _amounts.Added, _amounts.Added + amount);
        _stopped |= Waiting >= _mark;
    }

    /// <summary>Counts what was taken. The taker's.</summary>
    public void Take(long amount)
    {
        Interlocked.Exchange(ref _amounts.Taken, _amounts.Taken + amount);
        if (Volatile.Read(ref _producerWaits) != 0 && Waiting <= _mark / 2)
        {
            Wake();
        }
    }

    /// <summary>Stops nobody any more: what is added is dropped. From any thread.</summary>
    public void OpenForGood()
    {
        Volatile.Write(ref _open, true);
        Interlocked.MemoryBarrier();
        Wake();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _producerWaits, 0) != 0)
        {
            _wake?.Invoke();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Amounts
    {
        public long Added;
        private readonly CacheLine _between;
        public long Taken;
    }
}
