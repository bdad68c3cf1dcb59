using System.Runtime.CompilerServices;
using Millrace.State.Heap;
using Millrace.State.Snapshots;

namespace Millrace.State;

[TestClass]
public sealed class FrozenTableTests
{
    private static readonly Hasher Hash = new();

    // Values that are changed in place, keys that come and go, and at each moment up to three states of the past that
    // are read page by page, or are given up.
    [TestMethod]
    [DataRow(1, 2_000)]
    [DataRow(2, 2_000)]
    [DataRow(3, 200)]
    [DataRow(4, 20)]
    [DataRow(5, 1)]
    public void A_frozen_table_stays_as_it_was_while_the_table_goes_on(int seed, int keys)
    {
        var random = new Random(seed);
        var subject = new Subject(random, tracksChanges: false);
        List<Reading> readings = [];
        for (int step = 0; step < 30_000; step++)
        {
            subject.Change(keys);
            if (random.Next(300) == 0)
            {
                readings.Add(new Reading(subject.Freeze(0, 0), subject.Copy()));
            }

            if (readings.Count > 0 && random.Next(20) == 0)
            {
                readings[random.Next(readings.Count)].ReadPage();
            }

            if (readings.Count > 3)
            {
                if (random.Next(3) > 0)
                {
                    readings[0].ReadRest($"seed {seed}, step {step}");
                }

                readings[0].Frozen.Dispose();
                readings.RemoveAt(0);
            }
        }

        subject.Verify($"seed {seed}");
    }

    // What has changed since any completed one makes of it the present; freezes that never complete come between.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Changes_since_a_completed_checkpoint_make_of_it_the_present(int seed)
    {
        var random = new Random(seed);
        var subject = new Subject(random, tracksChanges: true);
        Dictionary<long, Dictionary<long, long[]>> kept = [];
        long completed = 0;
        int changes = 0;
        for (long checkpoint = 1; checkpoint < 200; checkpoint++)
        {
            int steps = random.Next(1, 600);
            for (int i = 0; i < steps; i++)
            {
                subject.Change(random.Next(4) == 0 ? 12_000 : 800);
            }

            if (random.Next(40) == 0)
            {
                subject.Clear();
            }

            using FrozenTable<long, List<long>> frozen = subject.Freeze(checkpoint, completed);
            changes += frozen.KnowsChanges ? 1 : 0;
            Dictionary<long, long[]> made = frozen.KnowsChanges ? new(kept[completed]) : [];
            Apply(frozen, made);
            AssertSame(subject.Copy(), made, $"seed {seed}, checkpoint {checkpoint} upon {completed}");
            kept[checkpoint] = made;
            if (random.Next(3) > 0)
            {
                completed = checkpoint;
                subject.Completed(completed);
            }
        }

        Assert.IsGreaterThan(100, changes);
    }

    // A checkpoint that completes between the decision what to build upon and the freeze takes changes along.
    [TestMethod]
    public void What_is_to_build_upon_a_checkpoint_older_than_the_last_completed_one_is_all_there_is()
    {
        var table = new KeyedTable<long, List<long>>(Hash, static list => [.. list]);
        for (long key = 0; key < 10; key++)
        {
            table.GetOrAdd(in key, Hash.Hash(in key), out _) = [key];
        }

        table.Freeze(new SnapshotOrder(1, 0, TracksChanges: true)).Dispose();
        table.Completed(1);
        table.ChangeAt(3).Add(1);
        table.Freeze(new SnapshotOrder(2, 1, TracksChanges: true)).Dispose();
        table.Completed(2);
        using FrozenTable<long, List<long>> late = table.Freeze(new SnapshotOrder(3, 1, TracksChanges: true));

        Assert.IsFalse(late.KnowsChanges);
        Dictionary<long, long[]> all = [];
        Apply(late, all);
        Assert.HasCount(10, all);
        table.Completed(3);
        using FrozenTable<long, List<long>> next = table.Freeze(new SnapshotOrder(4, 3, TracksChanges: true));
        Assert.IsTrue(next.KnowsChanges);
    }

    [TestMethod]
    public void Few_changes_are_few_entries()
    {
        var table = new KeyedTable<long, List<long>>(Hash, static list => [.. list]);
        for (long key = 0; key < 10_000; key++)
        {
            table.GetOrAdd(in key, Hash.Hash(in key), out _) = [key];
        }

        table.Freeze(new SnapshotOrder(1, 0, TracksChanges: true)).Dispose();
        table.Completed(1);
        for (long key = 0; key < 10_000; key += 100)
        {
            table.GetOrAdd(in key, Hash.Hash(in key), out _).Add(1);
        }

        using FrozenTable<long, List<long>> frozen = table.Freeze(new SnapshotOrder(2, 1, TracksChanges: true));

        Dictionary<long, long[]> changed = [];
        Apply(frozen, changed);
        Assert.HasCount(100, changed);
        Assert.IsEmpty(frozen.Removed);
    }

    private static void Apply(FrozenTable<long, List<long>> frozen, Dictionary<long, long[]> made)
    {
        foreach (long key in frozen.Removed)
        {
            made.Remove(key);
        }

        for (int page = 0; page < frozen.Pages; page++)
        {
            ReadOnlySpan<ulong> words = frozen.ChangedOf(page);
            ReadOnlySpan<KeyedTable<long, List<long>>.Entry> entries = frozen.PageAt(page);
            for (int i = 0; i < entries.Length; i++)
            {
                if (!frozen.KnowsChanges || ((words[i / 64] >> i) & 1) != 0)
                {
                    made[entries[i].Key] = [.. entries[i].Value];
                }
            }

            frozen.Pass(page);
        }
    }

    private static void AssertSame(
        Dictionary<long, long[]> expected, Dictionary<long, long[]> found, string where)
    {
        Assert.AreEqual(expected.Count, found.Count, where);
        foreach ((long key, long[] values) in expected)
        {
            CollectionAssert.AreEqual(values, found[key], $"{where}, key {key}");
        }
    }

    /// <summary>A table and a model of it.</summary>
    private sealed class Subject(Random random, bool tracksChanges)
    {
        private readonly KeyedTable<long, List<long>> _table = new(Hash, static list => [.. list]);
        private readonly Dictionary<long, List<long>> _model = [];

        public void Change(int keys)
        {
            long key = random.Next(keys);
            ulong hash = Hash.Hash(in key);
            switch (random.Next(6))
            {
                case 0:
                    _table.Remove(in key, hash);
                    _model.Remove(key);
                    break;
                case 1:
                    _table.Overwrite(in key, hash, 0) = [key];
                    _model[key] = [key];
                    break;
                case 2:
                    int index = _table.IndexOf(in key, hash);
                    if (index >= 0)
                    {
                        _table.ChangeAt(index).Add(random.Next());
                        _model[key] = [.. _table.ValueAt(index)];
                    }

                    break;
                default:
                    Append(key, hash);
                    break;
            }
        }

        public void Clear()
        {
            _table.Clear();
            _model.Clear();
        }

        public FrozenTable<long, List<long>> Freeze(long checkpoint, long buildsOn) =>
            _table.Freeze(new SnapshotOrder(checkpoint, buildsOn, tracksChanges));

        public void Completed(long checkpoint) => _table.Completed(checkpoint);

        public Dictionary<long, long[]> Copy() => _model.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());

        public void Verify(string where)
        {
            Assert.AreEqual(_model.Count, _table.Count, where);
            foreach ((long key, List<long> values) in _model)
            {
                CollectionAssert.AreEqual(values, _table.ValueAt(_table.IndexOf(in key, Hash.Hash(in key))), where);
            }
        }

        // With the guess of a probe, as operators do; some of them are about to change what they look for.
        private void Append(long key, ulong hash)
        {
            Span<uint> guesses = stackalloc uint[1];
            ref List<long> values = ref Unsafe.NullRef<List<long>>();
            bool exists = false;
            if (random.Next(2) == 0)
            {
                _table.ProbeToChange([hash], guesses);
                values = ref _table.Guessed(in key, guesses[0]);
                exists = !Unsafe.IsNullRef(ref values);
            }
            else
            {
                _table.Probe([hash], guesses);
            }

            if (!exists)
            {
                values = ref _table.GetOrAdd(in key, hash, guesses[0], out exists);
            }

            Assert.AreEqual(_model.ContainsKey(key), exists, $"key {key}");
            if (!exists)
            {
                values = [];
                _model[key] = [];
            }

            long value = random.Next();
            values.Add(value);
            _model[key].Add(value);
        }
    }

    /// <summary>A state of the past that is read page by page.</summary>
    private sealed class Reading(FrozenTable<long, List<long>> frozen, Dictionary<long, long[]> expected)
    {
        private readonly Dictionary<long, long[]> _found = [];
        private int _page;

        public FrozenTable<long, List<long>> Frozen => frozen;

        public bool ReadPage()
        {
            if (_page == frozen.Pages)
            {
                return false;
            }

            foreach (KeyedTable<long, List<long>>.Entry entry in frozen.PageAt(_page))
            {
                _found.Add(entry.Key, [.. entry.Value]);
            }

            frozen.Pass(_page++);
            return true;
        }

        public void ReadRest(string where)
        {
            while (ReadPage())
            {
                // Until all pages are read.
            }

            AssertSame(expected, _found, where);
        }
    }

    private sealed class Hasher : KeyHasher<long>
    {
        public override ulong Hash(in long key) => KeyHash.OfInt64(key);

        public override bool Equals(in long left, in long right) => left == right;
    }
}
