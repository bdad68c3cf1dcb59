using System.Globalization;

namespace Millrace.Execution.Polling;

/// <summary>A thread that waits for connections and reads those that are ready, by going on with whoever awaits
/// them.</summary>
/// <remarks>
/// Between the arrival of bytes and their reader there is one change of threads. Whoever is resumed here does not
/// block: the other connections of this thread wait for him. There are a few for the whole process, which begin with
/// the first connection and stay, asleep while nothing comes.
/// </remarks>
internal sealed class PollingThread
{
    private const int ProcessorsPerThread = 4;
    private const int MaxThreads = 8;

    private static readonly PollingThread?[] All =
        new PollingThread?[Math.Clamp(Environment.ProcessorCount / ProcessorsPerThread, 1, MaxThreads)];

    private static readonly Lock Making = new();
    private static int Given;

    private readonly ReadyList _ready = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<long, PolledConnection> _connections = [];
    private readonly Queue<Deadline> _deadlines = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _patience;
    private readonly Thread _thread;
    private long _keys;

    private PollingThread(int number)
    {
        _patience = _time.TimestampFrequency / 1_000;
        string name = string.Create(CultureInfo.InvariantCulture, $"millrace-polling-{number}");
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.UnsafeStart();
    }

    /// <summary>Whether the caller runs on it.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>The thread of the next connection; they take turns.</summary>
    /// <exception cref="IOException">There are no handles left; later there may be some.</exception>
    public static PollingThread Next()
    {
        int number = (int)((uint)Interlocked.Increment(ref Given) % (uint)All.Length);
        lock (Making)
        {
            return All[number] ??= new PollingThread(number);
        }
    }

    /// <summary>Makes a connection known, until <see cref="Remove"/>.</summary>
    /// <returns>Its key.</returns>
    public long Add(PolledConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(++_keys, connection);
            return _keys;
        }
    }

    /// <summary>Forgets a connection.</summary>
    public void Remove(long key)
    {
        lock (_lock)
        {
            _connections.Remove(key);
        }
    }

    /// <summary>Reports a connection when it is ready; see <see cref="ReadyList.Arm"/>.</summary>
    public void Arm(PolledConnection connection, Readiness kinds, bool isNew) =>
        _ready.Arm(connection.Handle, connection.Key, kinds, isNew);

    /// <summary>Tells a connection when a wait of it has lasted a millisecond. On this thread alone.</summary>
    public void Limit(PolledConnection connection, long wait) =>
        _deadlines.Enqueue(new Deadline(connection, wait, _time.GetTimestamp() + _patience));

    private void Run()
    {
        while (true)
        {
            int count = _ready.Wait(_deadlines.Count > 0 ? 1 : Timeout.Infinite);
            for (int i = 0; i < count; i++)
            {
                (long key, Readiness kinds) = _ready.Reported(i);
                Find(key)?.Resume(kinds);
            }

            while (_deadlines.TryPeek(out Deadline deadline) && _time.GetTimestamp() >= deadline.At)
            {
                _deadlines.Dequeue();
                deadline.Connection.ResumeOverdue(deadline.Wait);
            }
        }
    }

    private PolledConnection? Find(long key)
    {
        lock (_lock)
        {
            return _connections.GetValueOrDefault(key);
        }
    }

    private readonly record struct Deadline(PolledConnection Connection, long Wait, long At);
}
