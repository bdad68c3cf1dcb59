using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>The sessions that are open, those of one key as a chain. Belongs to one loop.</summary>
/// <remarks>Places of sessions that are gone are used again, and given back when most of them are free.</remarks>
internal sealed class SessionStore<TKey, TAccumulator> : ContentsSection<TKey, TAccumulator>
{
    private const int None = -1;
    private const int Free = -2;

    private EntryPages<Session> _sessions;
    private int _firstFree = None;

    public SessionStore(SerializerSet serializers, KeyHasher<TKey> hasher)
        : base(serializers, hasher)
    {
        Heads = new KeyedTable<TKey, int>(hasher);
        Func<TAccumulator, TAccumulator>? copy = Copier;
        _sessions = new EntryPages<Session>(
            copy is null ? null : (ref Session session) => session.Value = copy(session.Value));
    }

    /// <summary>The first session of each key, counted from 1.</summary>
    public KeyedTable<TKey, int> Heads { get; }

    /// <summary>Number of sessions.</summary>
    public int Count { get; private set; }

    /// <summary>Number of places that have been used.</summary>
    public int Places => _sessions.Count;

    public override int EntryCount => Count;

    public bool IsTaken(int place) => _sessions.At(place).Next != Free;

    /// <summary>A session, to be read. Valid until the next call.</summary>
    public ref readonly Session At(int place) => ref _sessions.At(place);

    /// <summary>A session, to be changed. Valid until the next call.</summary>
    public ref Session ChangeAt(int place) => ref _sessions.Change(place);

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
            _firstFree = _sessions.At(place).NextFree;
        }
        else
        {
            place = _sessions.Count;
            _sessions.Add();
        }

        ref int head = ref Heads.GetOrAdd(in key, hash, out _);
        ref Session session = ref _sessions.Overwrite(place);
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
        Unchain(place);
        ref Session session = ref _sessions.Overwrite(place);
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
        _sessions.Clear(givesBack: true);
        _firstFree = None;
        Count = 0;
        Heads.Clear();
    }

    public override FrozenSection Freeze(in SnapshotOrder order)
    {
        FrozenPages<Session> frozen = _sessions.Freeze();
        _sessions.TakeTouched(null);
        return new FrozenSessions(this, frozen);
    }

    protected override bool Restore(in TKey key, ulong hash, TimeWindow window, in TAccumulator value)
    {
        for (int place = FirstOf(in key, hash, 0); place >= 0; place = At(place).Next)
        {
            if (window.Touches(new TimeWindow(At(place).Start, At(place).End)))
            {
                return false;
            }
        }

        Add(in key, hash, window, in value);
        return window.Start < window.End;
    }

    private void Unchain(int place)
    {
        ref readonly Session session = ref At(place);
        int next = session.Next;
        int entry = Heads.IndexOf(in session.Key, session.Hash);
        int head = Heads.ValueAt(entry);
        if (head - 1 == place)
        {
            Heads.ChangeAt(entry) = next + 1;
            if (next == None)
            {
                Heads.Remove(in session.Key, session.Hash);
            }

            return;
        }

        int before = head - 1;
        while (At(before).Next != place)
        {
            before = At(before).Next;
        }

        ChangeAt(before).Next = next;
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

    private sealed class FrozenSessions(SessionStore<TKey, TAccumulator> store, FrozenPages<Session> sessions)
        : FrozenSection(store.Header)
    {
        private const int SessionsOfPage = EntryPages<Session>.PageEntries;

        public override IEnumerable<int> Write(GroupedEntries to)
        {
            for (int page = 0; page < sessions.Pages; page++)
            {
                for (int next = 0; next < SessionsOfPage;)
                {
                    next = Write(sessions.PageAt(page), next, to);
                    yield return page;
                }

                sessions.Pass(page);
            }
        }

        public override void Dispose() => sessions.Dispose();

        // Until the page is at its end, or there is enough for a block.
        private int Write(ReadOnlySpan<Session> page, int next, GroupedEntries to)
        {
            do
            {
                ref readonly Session session = ref page[next++];
                if (session.Next != Free)
                {
                    var window = new TimeWindow(session.Start, session.End);
                    store.Write(to.Begin(session.Hash), in session.Key, window, in session.Value);
                }
            }
            while (next < page.Length && !to.IsFull);
            return next < page.Length ? next : SessionsOfPage;
        }
    }
}
