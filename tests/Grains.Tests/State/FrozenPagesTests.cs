using System.Runtime.CompilerServices;
using Millrace.State.Heap;
using Millrace.State.Snapshots;

namespace Millrace.State;

/// <summary>What is read of a frozen state while its owner writes to it.</summary>
[TestClass]
public sealed class FrozenPagesTests
{
    private static readonly Hasher Hash = new();

    // All sets of entries that are written to, and all moments between two entries that the reader copies.
    [TestMethod]
    public void Wherever_the_reader_is_what_is_written_meanwhile_does_not_concern_it()
    {
        const int Entries = 6;
        for (int written = 0; written < 1 << Entries; written++)
        {
            for (int moment = 0; moment <= Entries; moment++)
            {
                AsideEntries<Wide> aside = new(Entries);
                Wide[] owned = [.. Enumerable.Range(1, Entries).Select(static version => Wide.Of(version))];
                Wide[] copy = new Wide[Entries];
                owned.AsSpan(0, moment).CopyTo(copy);
                for (int i = 0; i < Entries; i++)
                {
                    if ((written >> i & 1) != 0)
                    {
                        aside.Keep(i, in owned[i]);
                        owned[i] = Wide.Of(-1);
                    }
                }

                owned.AsSpan(moment).CopyTo(copy.AsSpan(moment));
                aside.MoveInto(0, copy);

                for (int i = 0; i < Entries; i++)
                {
                    Assert.AreEqual(i + 1, copy[i].Version(), $"written {written:b}, at {moment}, entry {i}");
                }
            }
        }
    }

    // Far apart and side by side, in an order that has nothing to do with where they stand.
    [TestMethod]
    public void Each_page_gets_what_was_set_aside_of_it()
    {
        const int Entries = 100_000;
        const int PageEntries = EntryPages<Wide>.PageEntries;
        var random = new Random(3);
        AsideEntries<Wide> aside = new(Entries);
        int[] kept = [.. Enumerable.Range(0, Entries).Where(_ => random.Next(3) == 0)];
        random.Shuffle(kept);
        foreach (int index in kept)
        {
            Wide value = Wide.Of(index + 1);
            aside.Keep(index, in value);
        }

        // Once more, with what they have become since.
        foreach (int index in kept.Where(_ => random.Next(4) == 0))
        {
            Wide value = Wide.Of(-1);
            aside.Keep(index, in value);
        }

        HashSet<int> known = [.. kept];
        for (int page = 0; page * PageEntries < Entries; page++)
        {
            Wide[] copy = new Wide[Math.Min(PageEntries, Entries - (page * PageEntries))];
            aside.MoveInto(page, copy);
            for (int i = 0; i < copy.Length; i++)
            {
                int index = (page * PageEntries) + i;
                Assert.AreEqual(known.Contains(index) ? index + 1 : 0, copy[i].Version(), $"entry {index}");
            }
        }
    }

    [TestMethod]
    public void Room_that_is_used_again_tells_nothing_of_what_was_set_aside_before()
    {
        const int Entries = 60_000;
        const int PageEntries = EntryPages<Wide>.PageEntries;
        var random = new Random(9);
        AsideEntries<Wide> aside = new(Entries);
        for (int round = 0; round < 6; round++)
        {
            // More of it and less, and the number of entries goes up and down.
            int entries = Entries + ((round % 3) * 2_000);
            Assert.IsTrue(round == 0 || aside.TryReset(entries), $"round {round}");
            HashSet<int> kept = [];
            for (int i = 0; i < 40_000 >> (2 * (round % 4)); i++)
            {
                int index = random.Next(round == 0 ? Entries : entries);
                if (kept.Add(index))
                {
                    Wide value = Wide.Of((round * 1_000_000) + index);
                    aside.Keep(index, in value);
                }
            }

            for (int page = 0; page < Entries / PageEntries; page++)
            {
                Wide[] copy = new Wide[PageEntries];
                aside.MoveInto(page, copy);
                for (int i = 0; i < copy.Length; i++)
                {
                    int index = (page * PageEntries) + i;
                    int expected = kept.Contains(index) ? (round * 1_000_000) + index : 0;
                    Assert.AreEqual(expected, copy[i].Version(), $"round {round}, entry {index}");
                }
            }
        }
    }

    [TestMethod]
    public void Room_is_not_used_again_for_few_entries() =>
        Assert.IsFalse(new AsideEntries<Wide>(60_000).TryReset(8));

    [TestMethod]
    public void Objects_that_were_set_aside_are_let_go_with_what_was_frozen()
    {
        var table = new KeyedTable<long, List<long>>(Hash, static list => [.. list]);
        WeakReference<List<long>>[] former = SetAsideAndRelease(table, keys: 3_000);

        GC.Collect();

        Assert.IsFalse(Array.Exists(former, static list => list.TryGetTarget(out _)));
        Assert.AreEqual(3_000, table.Count);
    }

    // What is removed and added again during one freeze is set aside once, and not each time.
    [TestMethod]
    public void Keys_that_come_and_go_during_a_freeze_take_no_more_room_than_there_were()
    {
        const int Keys = 5_000;
        var table = new KeyedTable<long, Wide>(Hash);
        for (long key = 0; key < Keys; key++)
        {
            table.GetOrAdd(in key, Hash.Hash(in key), out _) = Wide.Of(key);
        }

        using FrozenTable<long, Wide> frozen = table.Freeze(SnapshotOrder.Everything);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long key = 0; key < 100 * Keys; key++)
        {
            long gone = key % Keys;
            table.Remove(in gone, Hash.Hash(in gone));
            table.GetOrAdd(in gone, Hash.Hash(in gone), out _) = Wide.Of(-1);
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsLessThan(3L * Keys * Unsafe.SizeOf<KeyedTable<long, Wide>.Entry>(), bytes);
        Verify(frozen, Enumerable.Range(0, Keys).ToDictionary(static key => (long)key, static key => (long)key), "");
    }

    // On two threads, as it is: no value that was half written, none of another moment, none that is missing.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task Another_thread_reads_what_was_frozen_while_the_table_goes_on(int seed)
    {
        const int Rounds = 25;
        var random = new Random(seed);
        var table = new KeyedTable<long, Wide>(Hash);
        Dictionary<long, long> model = [];
        long version = 0;
        long meanwhile = 0;
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < 3_000; i++)
            {
                Change(table, model, random, ++version);
            }

            Dictionary<long, long> expected = new(model);
            FrozenTable<long, Wide> frozen = table.Freeze(
                new SnapshotOrder(round + 1, 0, TracksChanges: round % 2 == 0));
            Task reading = Task.Run(() => Verify(frozen, expected, $"seed {seed}, round {round}"));
            while (!reading.IsCompleted)
            {
                Change(table, model, random, ++version);
                ChangeMany(table, model, random, ++version);
                meanwhile++;
            }

            await reading;
        }

        Assert.IsGreaterThan(Rounds, meanwhile);
    }

    // Values that refer to what changes: the reader has their elements as they were, too, until it has passed the page.
    [TestMethod]
    public async Task Another_thread_reads_lists_as_they_were_while_they_grow()
    {
        const int Keys = 2_500;
        var random = new Random(5);
        var table = new KeyedTable<long, List<long>>(Hash, static list => [.. list]);
        for (long key = 0; key < Keys; key++)
        {
            table.GetOrAdd(in key, Hash.Hash(in key), out _) = [key];
        }

        for (int round = 0; round < 25; round++)
        {
            long[] expected = [.. Enumerable.Range(0, Keys).Select(index => table.ValueAt(index).Sum())];
            FrozenTable<long, List<long>> frozen = table.Freeze(SnapshotOrder.Everything);
            Task reading = Task.Run(() =>
            {
                using (frozen)
                {
                    for (int page = 0; page < frozen.Pages; page++)
                    {
                        foreach (KeyedTable<long, List<long>>.Entry entry in frozen.PageAt(page))
                        {
                            Assert.AreEqual(expected[(int)entry.Key], entry.Value.Sum(), $"key {entry.Key}");
                        }

                        frozen.Pass(page);
                    }
                }
            });
            do
            {
                List<long> values = table.ChangeAt(random.Next(Keys));
                values[random.Next(values.Count)] += 1;
                if (values.Count < 20)
                {
                    values.Add(random.Next(100));
                }
            }
            while (!reading.IsCompleted);
            await reading;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<List<long>>[] SetAsideAndRelease(KeyedTable<long, List<long>> table, int keys)
    {
        List<WeakReference<List<long>>> former = [];
        for (long key = 0; key < keys; key++)
        {
            List<long> list = [key];
            table.GetOrAdd(in key, Hash.Hash(in key), out _) = list;
            former.Add(new WeakReference<List<long>>(list));
        }

        using FrozenTable<long, List<long>> frozen = table.Freeze(SnapshotOrder.Everything);
        for (int i = 0; i < keys; i++)
        {
            table.ChangeAt(i).Add(1);
        }

        return [.. former];
    }

    private static void Change(
        KeyedTable<long, Wide> table, Dictionary<long, long> model, Random random, long version)
    {
        long key = random.Next(6_000);
        ulong hash = Hash.Hash(in key);
        switch (random.Next(8))
        {
            case 0:
                table.Remove(in key, hash);
                model.Remove(key);
                break;
            case 1:
                table.Overwrite(in key, hash, 0) = Wide.Of(version);
                model[key] = version;
                break;
            default:
                table.GetOrAdd(in key, hash, out _) = Wide.Of(version);
                model[key] = version;
                break;
        }
    }

    // As operators do with a batch.
    private static void ChangeMany(
        KeyedTable<long, Wide> table, Dictionary<long, long> model, Random random, long version)
    {
        long[] keys = [.. Enumerable.Range(0, random.Next(200)).Select(_ => (long)random.Next(6_000))];
        ulong[] hashes = [.. keys.Select(static key => Hash.Hash(in key))];
        uint[] guesses = new uint[keys.Length];
        table.ProbeToChange(hashes, guesses);
        for (int i = 0; i < keys.Length; i++)
        {
            ref Wide value = ref table.Guessed(in keys[i], guesses[i]);
            if (Unsafe.IsNullRef(ref value))
            {
                value = ref table.GetOrAdd(in keys[i], hashes[i], out _);
            }

            value = Wide.Of(version);
            model[keys[i]] = version;
        }
    }

    private static void Verify(FrozenTable<long, Wide> frozen, Dictionary<long, long> expected, string where)
    {
        using (frozen)
        {
            Assert.AreEqual(expected.Count, frozen.Count, where);
            for (int page = 0; page < frozen.Pages; page++)
            {
                foreach (KeyedTable<long, Wide>.Entry entry in frozen.PageAt(page))
                {
                    Assert.AreEqual(expected[entry.Key], entry.Value.Version(), $"{where}, key {entry.Key}");
                }

                frozen.Pass(page);
            }
        }
    }

    /// <summary>A value that is written in several steps.</summary>
    private struct Wide
    {
        private long _first;
        private long _second;
        private long _third;
        private long _fourth;
        private long _fifth;

        public static Wide Of(long version) => new()
        {
            _first = version,
            _second = version,
            _third = version,
            _fourth = version,
            _fifth = version,
        };

        public readonly long Version()
        {
            Assert.IsTrue(
                _first == _second && _second == _third && _third == _fourth && _fourth == _fifth,
                $"{_first} {_second} {_third} {_fourth} {_fifth}");
            return _first;
        }
    }

    private sealed class Hasher : KeyHasher<long>
    {
        public override ulong Hash(in long key) => KeyHash.OfInt64(key);

        public override bool Equals(in long left, in long right) => left == right;
    }
}
