using System.Diagnostics;
using Millrace.Functions;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Timers;

/// <summary>The timers of one operator that follow the same time, the earliest first. Belongs to its loop.</summary>
/// <remarks>
/// A heap for the order and a table by key, namespace and time to find one again. Timers of one time come in the order
/// of their hashes, whatever order they were registered in, so that a restored queue gives the same. Nothing is
/// allocated while the number of timers stays below what it has been lately. Snapshots hold the table alone: where a
/// timer stands in the heap is kept beside it.
/// </remarks>
internal sealed class TimerQueue<TKey, TNamespace>
    : KeyedSection, ITableWriter<TimerKey<TKey, TNamespace>, VoidNamespace>
{
    // Four children: the items compared on the way down are neighbours in memory.
    private const int Children = 4;

    private readonly KeyedTable<TimerKey<TKey, TNamespace>, VoidNamespace> _timers;
    private readonly TimerKeyHasher<TKey, TNamespace> _hasher;
    private readonly SerializerSet _serializers;
    private readonly TypeSerializer<TKey> _keys;
    private readonly TypeSerializer<TNamespace>? _spaces;
    private PagedList<Item> _heap = new();

    // By the number of a timer in the table, its place in the heap.
    private PagedList<int> _places = new();

    /// <param name="name">Unique among the operator's queues.</param>
    /// <param name="domain">The time it follows.</param>
    /// <param name="serializers">Of the job.</param>
    public TimerQueue(string name, TimeDomain domain, SerializerSet serializers)
    {
        bool isVoid = typeof(TNamespace) == typeof(VoidNamespace);
        _serializers = serializers;
        _keys = serializers.Get<TKey>();
        _spaces = isVoid ? null : serializers.Get<TNamespace>();
        _hasher = new TimerKeyHasher<TKey, TNamespace>(
            serializers.GetKeyHasher<TKey>(), serializers.GetKeyHasher<TNamespace>());
        _timers = new KeyedTable<TimerKey<TKey, TNamespace>, VoidNamespace>(_hasher);
        Header = new SectionHeader(
            domain == TimeDomain.EventTime ? SectionKind.EventTimeTimers : SectionKind.ProcessingTimeTimers,
            name,
            _keys.Shape,
            _spaces?.Shape,
            null,
            null);
    }

    /// <summary>Number of timers.</summary>
    public int Count => _timers.Count;

    public override SectionHeader Header { get; }

    public override int EntryCount => Count;

    public KeyHasher<TimerKey<TKey, TNamespace>> Hasher => _hasher;

    /// <summary>Registers a timer.</summary>
    /// <returns>False when it was registered already.</returns>
    public bool Add(long time, in TKey key, in TNamespace space)
    {
        var timer = new TimerKey<TKey, TNamespace>(time, in key, in space);
        return Add(in timer, _hasher.Hash(in timer));
    }

    /// <summary>Takes back a timer.</summary>
    /// <returns>False when it was not registered.</returns>
    public bool Remove(long time, in TKey key, in TNamespace space)
    {
        var timer = new TimerKey<TKey, TNamespace>(time, in key, in space);
        ulong hash = _hasher.Hash(in timer);
        return Remove(in timer, hash);
    }

    /// <summary>The time of the earliest timer.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryPeek(out long time)
    {
        time = _heap[0].Time;
        return Count > 0;
    }

    /// <summary>The time of the latest timer; <see cref="long.MinValue"/> when there is none. Looks at all of
    /// them.</summary>
    public long LatestTime()
    {
        long latest = long.MinValue;
        for (int i = 0; i < Count; i++)
        {
            latest = Math.Max(latest, _heap[i].Time);
        }

        return latest;
    }

    /// <summary>Takes the earliest timer out if it is due.</summary>
    /// <param name="now">Timers up to this time, inclusive, are due.</param>
    /// <param name="timer">The timer.</param>
    /// <returns>False when none is due.</returns>
    public bool TryPop(long now, out TimerKey<TKey, TNamespace> timer)
    {
        if (Count == 0 || _heap[0].Time > now)
        {
            timer = default;
            return false;
        }

        Item first = _heap[0];
        timer = _timers.KeyAt(first.Entry);
        RemoveEntry(in timer, first.Hash);
        FillGap(0);
        return true;
    }

    public override FrozenSection Freeze(in SnapshotOrder order) =>
        new FrozenTableSection<TimerKey<TKey, TNamespace>, VoidNamespace>(_timers.Freeze(in order), this);

    public override void Completed(long checkpoint) => _timers.Completed(checkpoint);

    public override void ForgetAll()
    {
        while (TryPop(long.MaxValue, out _))
        {
        }
    }

    public void WriteKey(RecordWriter writer, in TimerKey<TKey, TNamespace> key)
    {
        writer.WriteInt64(key.Time);
        _keys.Write(writer, in key.Key);
        _spaces?.Write(writer, in key.Space);
    }

    public void WriteValue(RecordWriter writer, in VoidNamespace value)
    {
        // A timer is what it is found by.
    }

    public override EntryReader ReaderOf(SectionHeader written, bool replaces) => ReaderOf(
        written,
        (ref RecordReader reader, in TimerKey<TKey, TNamespace> timer, ulong hash) =>
        {
            if (!Add(in timer, hash) && !replaces)
            {
                reader.ThrowCorrupted($"a timer for {timer.Time} comes twice");
            }
        });

    public override EntryReader RemoverOf(SectionHeader written) => ReaderOf(
        written, (ref RecordReader _, in TimerKey<TKey, TNamespace> timer, ulong hash) => Remove(in timer, hash));

    private EntryReader ReaderOf(SectionHeader written, TimerAction act)
    {
        if ((written.Namespace is null) != (_spaces is null))
        {
            throw new IncompatibleShapeException(
                written.Name, "timers were saved with a namespace and are now without one, or the other way round");
        }

        TypeSerializer<TKey> keys = _serializers.CreateReader<TKey>(written.Key);
        TypeSerializer<TNamespace>? spaces =
            written.Namespace is { } shape ? _serializers.CreateReader<TNamespace>(shape) : null;
        return (ref RecordReader reader) =>
        {
            long time = reader.ReadInt64();
            TKey key = keys.Read(ref reader);
            TNamespace space = spaces is null ? default! : spaces.Read(ref reader);
            var timer = new TimerKey<TKey, TNamespace>(time, in key, in space);
            ulong hash = _hasher.Hash(in timer);
            act(ref reader, in timer, hash);
            return hash;
        };
    }

    private static bool IsBefore(in Item left, in Item right) =>
        left.Time < right.Time || (left.Time == right.Time && left.Hash < right.Hash);

    private bool Add(in TimerKey<TKey, TNamespace> timer, ulong hash)
    {
        _timers.GetOrAdd(in timer, hash, out bool exists);
        if (exists)
        {
            return false;
        }

        int last = Count - 1;
        if (last == _heap.Room)
        {
            _heap.Grow();
            _places.Grow();
        }

        MoveUp(last, new Item(timer.Time, hash, last));
        return true;
    }

    private bool Remove(in TimerKey<TKey, TNamespace> timer, ulong hash)
    {
        int entry = _timers.IndexOf(in timer, hash);
        if (entry < 0)
        {
            return false;
        }

        int place = _places[entry];
        RemoveEntry(in timer, hash);
        FillGap(place);
        return true;
    }

    // The table moves its last entry into the place of the one removed: its item in the heap follows.
    private void RemoveEntry(in TimerKey<TKey, TNamespace> timer, ulong hash)
    {
        int entry = _timers.Remove(in timer, hash);
        Debug.Assert(entry >= 0, "what stands in the heap stands in the table");
        if (entry < Count)
        {
            _places[entry] = _places[Count];
            _heap[_places[entry]].Entry = entry;
        }
    }

    // The last item of the heap goes to where one was taken out, and from there to where it belongs.
    private void FillGap(int place)
    {
        int last = Count;
        Item moved = _heap[last];
        if (place < last)
        {
            if (place > 0 && IsBefore(in moved, in _heap[(place - 1) / Children]))
            {
                MoveUp(place, moved);
            }
            else
            {
                MoveDown(place, moved, last);
            }
        }

        _heap.Trim(last);
        _places.Trim(last);
    }

    private void MoveUp(int place, Item item)
    {
        while (place > 0)
        {
            int parent = (place - 1) / Children;
            if (!IsBefore(in item, in _heap[parent]))
            {
                break;
            }

            Put(place, in _heap[parent]);
            place = parent;
        }

        Put(place, in item);
    }

    private void MoveDown(int place, Item item, int count)
    {
        while (true)
        {
            int child = (place * Children) + 1;
            if (child >= count)
            {
                break;
            }

            int end = Math.Min(child + Children, count);
            int least = child;
            for (int i = child + 1; i < end; i++)
            {
                least = IsBefore(in _heap[i], in _heap[least]) ? i : least;
            }

            if (!IsBefore(in _heap[least], in item))
            {
                break;
            }

            Put(place, in _heap[least]);
            place = least;
        }

        Put(place, in item);
    }

    private void Put(int place, in Item item)
    {
        _heap[place] = item;
        _places[item.Entry] = place;
    }

    private delegate void TimerAction(ref RecordReader reader, in TimerKey<TKey, TNamespace> timer, ulong hash);

    private struct Item(long time, ulong hash, int entry)
    {
        public readonly long Time = time;
        public readonly ulong Hash = hash;
        public int Entry = entry;
    }
}
