using Millrace.Batches;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Windows;

/// <summary>Which windows had fired for each key when state was saved. Belongs to one loop.</summary>
/// <remarks>A restored operator begins at the time at which the last of its predecessors was, and must not fire again
/// what others of them have fired. Empty as soon as those windows are over for all keys. What there is to say at a cut
/// follows from what windows hold then, and is found out when it is written.</remarks>
internal sealed class FiredWindows<TKey>
{
    private readonly KeyedStateSettings _settings;
    private readonly KeyHasher<TKey> _hasher;

    // By key, and by key group, the last point of time of the last window that had fired.
    private readonly KeyedTable<TKey, long> _last;
    private readonly long[] _lastOfGroups;
    private bool _hasGroups;
    private long _until = RecordBatch.NoWatermark;

    /// <param name="state">Of the operator.</param>
    /// <param name="firing">At a cut: the keys for which the window has fired that is firing.</param>
    /// <param name="fired">At a cut: keys of which something is left that belongs to windows which have fired for all
    /// keys.</param>
    public FiredWindows(KeyedStateBackend<TKey> state, Func<FiredKeys<TKey>> firing, Func<FiredKeys<TKey>> fired)
    {
        _settings = state.Settings;
        _hasher = state.Hasher;
        _last = new KeyedTable<TKey, long>(_hasher);
        _lastOfGroups = new long[_settings.KeyGroups];
        Array.Fill(_lastOfGroups, RecordBatch.NoWatermark);
        state.Register(new KeySection(this, firing));
        state.Register(new GroupSection(this, fired));
    }

    /// <summary>Whether no window has fired for any key.</summary>
    public bool IsEmpty => _last.Count == 0 && !_hasGroups;

    /// <summary>Whether the window whose last point of time is this has fired for a key.</summary>
    public bool Holds(in TKey key, long time)
    {
        ulong hash = _hasher.Hash(in key);
        if (_hasGroups && _lastOfGroups[GroupOf(hash)] >= time)
        {
            return true;
        }

        int entry = _last.IndexOf(in key, hash);
        return entry >= 0 && _last.ValueAt(entry) >= time;
    }

    /// <summary>The windows up to a time have fired for all keys.</summary>
    public void Pass(long time)
    {
        if (!IsEmpty && time >= _until)
        {
            Forget();
        }
    }

    private void Forget()
    {
        _last.Clear();
        Array.Fill(_lastOfGroups, RecordBatch.NoWatermark);
        _hasGroups = false;
        _until = RecordBatch.NoWatermark;
    }

    private int GroupOf(ulong hash) => KeyGroupAssignment.KeyGroupOf(hash, _settings.KeyGroups);

    private void Note(in TKey key, ulong hash, long time)
    {
        ref long last = ref _last.GetOrAdd(in key, hash, out bool exists);
        last = exists ? Math.Max(last, time) : time;
        _until = Math.Max(_until, time);
    }

    private void NoteGroup(ulong hash, long time)
    {
        ref long last = ref _lastOfGroups[GroupOf(hash)];
        last = Math.Max(last, time);
        _hasGroups = true;
        _until = Math.Max(_until, time);
    }

    /// <summary>A time by key, in snapshots.</summary>
    private abstract class TimeSection : KeyedSection
    {
        private readonly TypeSerializer<TKey> _keys;
        private readonly TypeSerializer<long> _times;

        protected TimeSection(FiredWindows<TKey> fired, string name)
        {
            Fired = fired;
            _keys = fired._settings.Serializers.Get<TKey>();
            _times = fired._settings.Serializers.Get<long>();
            Header = new SectionHeader(SectionKind.Value, name, _keys.Shape, null, null, _times.Shape);
        }

        public override SectionHeader Header { get; }

        protected FiredWindows<TKey> Fired { get; }

        public override void ForgetAll() => Fired.Forget();

        public override EntryReader ReaderOf(SectionHeader written, bool replaces)
        {
            TypeSerializer<TKey> keys = Fired._settings.Serializers.CreateReader<TKey>(written.Key);
            TypeSerializer<long> times = Fired._settings.Serializers.CreateReader<long>(written.Value!);
            return (ref RecordReader reader) =>
            {
                TKey key = keys.Read(ref reader);
                ulong hash = Fired._hasher.Hash(in key);
                Take(in key, hash, times.Read(ref reader));
                return hash;
            };
        }

        public void Write(GroupedEntries to, in TKey key, long time)
        {
            RecordWriter writer = to.Begin(Fired._hasher.Hash(in key));
            _keys.Write(writer, in key);
            _times.Write(writer, in time);
        }

        protected abstract void Take(in TKey key, ulong hash, long time);
    }

    /// <summary>Keys for which the window that fires at the cut has fired, beside what was known of keys.</summary>
    private sealed class KeySection(FiredWindows<TKey> fired, Func<FiredKeys<TKey>> now)
        : TimeSection(fired, "fired")
    {
        public override int EntryCount => Fired._last.Count;

        public override FrozenSection Freeze(in SnapshotOrder order)
        {
            FrozenTable<TKey, long> known = Fired._last.Freeze(SnapshotOrder.Everything);
            return new FrozenTimes(this, now(), known);
        }

        protected override void Take(in TKey key, ulong hash, long time) => Fired.Note(in key, hash, time);
    }

    /// <summary>Up to which time windows have fired for all keys of a key group, by one of its keys.</summary>
    private sealed class GroupSection(FiredWindows<TKey> fired, Func<FiredKeys<TKey>> now)
        : TimeSection(fired, "fired of all")
    {
        public override int EntryCount => 0;

        public override FrozenSection Freeze(in SnapshotOrder order) =>
            new FrozenGroupTimes(this, now(), [.. Fired._lastOfGroups]);

        public int GroupOf(in TKey key) => Fired.GroupOf(Fired._hasher.Hash(in key));

        protected override void Take(in TKey key, ulong hash, long time) => Fired.NoteGroup(hash, time);
    }

    private sealed class FrozenTimes(KeySection section, FiredKeys<TKey> now, FrozenTable<TKey, long> known)
        : FrozenSection(section.Header)
    {
        private const int AtOnce = 256;

        public override IEnumerable<int> Write(GroupedEntries to)
        {
            for (int page = 0; page < known.Pages; page++)
            {
                foreach (ref readonly KeyedTable<TKey, long>.Entry entry in known.PageAt(page))
                {
                    section.Write(to, in entry.Key, entry.Value);
                }

                known.Pass(page);
                yield return page;
            }

            int written = 0;
            foreach (TKey key in now.Keys)
            {
                section.Write(to, in key, now.Until);
                if (++written % AtOnce == 0)
                {
                    yield return written;
                }
            }
        }

        public override void Dispose()
        {
            known.Dispose();
            now.Dispose();
        }
    }

    private sealed class FrozenGroupTimes(GroupSection section, FiredKeys<TKey> now, long[] known)
        : FrozenSection(section.Header)
    {
        public override IEnumerable<int> Write(GroupedEntries to)
        {
            bool[] seen = new bool[known.Length];
            int written = 0;
            foreach (TKey key in now.Keys)
            {
                int group = section.GroupOf(in key);
                long time = Math.Max(known[group], now.Until);
                if (!seen[group] && time != RecordBatch.NoWatermark)
                {
                    seen[group] = true;
                    section.Write(to, in key, time);
                    yield return ++written;
                }
            }
        }

        public override void Dispose() => now.Dispose();
    }
}
