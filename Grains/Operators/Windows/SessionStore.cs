using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>The sessions that are open, those of one key as a chain. Belongs to one loop.</summary>
/// <remarks>Places of sessions that are gone are used again, and given back when most of them are free.</remarks>
internal sealed class SessionStore<TKey, TAccumulator>(SerializerSet serializers, KeyHasher<TKey> hasher)
    : ContentsSection<TKey, TAccumulator>(serializers, hasher)
{
    private const int FirstPlaces = 16;
    private const int None = -1;
    private const int Free = -2;

    private Session[] _sessions = new Session[FirstPlaces];
    private int[] _entries = [];
    private int _firstFree = None;

    /// <summary>The first session of each key, counted from 1.</summary>
    public KeyedTable<TKey, int> Heads { get; } = new(hasher);

    /// <summary>Number of sessions.</summary>
    public int Count { get; private set; }

    /// <summary>Number of places that have been used.</summary>
    public int Places { get; private set; }

    public override int EntryCount => NumberEntries();

    public bool IsTaken(int place) => _sessions[place].Next != Free;

    /// <summary>A session. Valid until one is added.</summary>
    public ref Session At(int place) => ref _sessions[place];

    /// <summary>The first session of a key, or -1.</summary>
    public int FirstOf(in TKey key, ulong hash, uint guess)
    {
        ref int head = ref Heads.GetOrAdd(in key, hash, guess, out _);
        return head - 1;
    }

    /// <summary>A session begins.</summary>
    /// <returns>Its place.</returns>
    public int Add(in TKey key, ulong hash, TimeWindow window, in TAccumulator value)
    {
        int place = _firstFree;
        if (place != None)
        {
            _firstFree = _sessions[place].NextFree;
        }
        else
        {
            place = Places++;
            if (place == _sessions.Length)
            {
                Array.Resize(ref _sessions, checked(place * 2));
            }
        }

        ref int head = ref Heads.GetOrAdd(in key, hash, out _);
        ref Session session = ref _sessions[place];
        session.Key = key;
        session.Hash = hash;
        session.Start = window.Start;
        session.End = window.End;
        session.Value = value;
        session.Next = head - 1;
        head = place + 1;
        Count++;
        return place;
    }

    /// <summary>A session ends, or becomes part of another.</summary>
    public void Remove(int place)
    {
        ref Session session = ref _sessions[place];
        Unchain(in session, place);
        int life = session.Life + 1;
        session = default;
        session.Life = life;
        session.Next = Free;
        session.NextFree = _firstFree;
        _firstFree = place;
        Count--;
    }

    /// <summary>Takes a key out that has no session.</summary>
    public void Forget(in TKey key, ulong hash)
    {
        int entry = Heads.IndexOf(in key, hash);
        if (entry >= 0 && Heads.ValueAt(entry) == 0)
        {
            Heads.Remove(in key, hash);
        }
    }

    public override void ForgetAll()
    {
        _sessions = new Session[FirstPlaces];
        _firstFree = None;
        Places = 0;
        Count = 0;
        Heads.Clear();
    }

    public override ulong HashOf(int entry) => _sessions[_entries[entry]].Hash;

    public override void Write(RecordWriter writer, int entry)
    {
        ref Session session = ref _sessions[_entries[entry]];
        Write(writer, in session.Key, new TimeWindow(session.Start, session.End), in session.Value);
    }

    protected override bool Restore(in TKey key, ulong hash, TimeWindow window, in TAccumulator value)
    {
        for (int place = FirstOf(in key, hash, 0); place >= 0; place = _sessions[place].Next)
        {
            if (window.Touches(new TimeWindow(_sessions[place].Start, _sessions[place].End)))
            {
                return false;
            }
        }

        Add(in key, hash, window, in value);
        return window.Start < window.End;
    }

    private void Unchain(in Session session, int place)
    {
        int entry = Heads.IndexOf(in session.Key, session.Hash);
        ref int head = ref Heads.ValueAt(entry);
        if (head - 1 != place)
        {
            int before = head - 1;
            while (_sessions[before].Next != place)
            {
                before = _sessions[before].Next;
            }

            _sessions[before].Next = session.Next;
            return;
        }

        head = session.Next + 1;
        if (head == 0)
        {
            Heads.Remove(in session.Key, session.Hash);
        }
    }

    // While a snapshot is written, sessions are counted without the free places between them.
    private int NumberEntries()
    {
        _entries = new int[Count];
        int entries = 0;
        for (int place = 0; place < Places; place++)
        {
            if (IsTaken(place))
            {
                _entries[entries++] = place;
            }
        }

        return entries;
    }

    /// <summary>One session, or a free place.</summary>
    internal struct Session
    {
        public TKey Key;
        public ulong Hash;
        public long Start;
        public long End;
        public TAccumulator Value;

        /// <summary>The next session of the same key, or -1; -2 for a free place.</summary>
        public int Next;

        /// <summary>The next free place, or -1.</summary>
        public int NextFree;

        /// <summary>How many sessions have had this place before.</summary>
        public int Life;
    }
}
