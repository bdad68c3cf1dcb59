using System.Runtime.CompilerServices;
using Millrace.State.Heap;

namespace Millrace.State;

[TestClass]
public sealed class KeyedTableTests
{
    // From hashes that are all different to hashes that are all the same, in the low half or in both.
    [TestMethod]
    [DataRow(ulong.MaxValue)]
    [DataRow(0xFFFF_FFFF_0000_0000UL)]
    [DataRow(0x7UL)]
    [DataRow(0UL)]
    public void It_holds_what_a_dictionary_holds(ulong hashBits)
    {
        var random = new Random(7);
        var hasher = new MaskedHasher(hashBits);
        var table = new KeyedTable<long, long>(hasher);
        Dictionary<long, long> model = [];
        for (int round = 0; round < 60; round++)
        {
            long[] keys = [.. Enumerable.Range(0, 50).Select(_ => (long)random.Next(1 + (round * 40)))];
            AddAll(table, hasher, keys, model);
        }

        Assert.AreEqual(model.Count, table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            Assert.AreEqual(model[table.KeyAt(i)], table.ValueAt(i), $"of key {table.KeyAt(i)}");
        }
    }

    [TestMethod]
    public void Entries_stand_in_the_order_of_first_use()
    {
        var hasher = new MaskedHasher(ulong.MaxValue);
        var table = new KeyedTable<long, long>(hasher);
        long[] keys = [.. Enumerable.Range(0, 5_000).Select(i => (i * 7_919L) % 5_003)];
        AddAll(table, hasher, keys, []);

        CollectionAssert.AreEqual(
            keys, Enumerable.Range(0, table.Count).Select(i => table.KeyAt(i)).ToArray());
    }

    // A reference is used until the next call only; here one is checked to be the place that later calls find.
    [TestMethod]
    public void A_value_is_changed_in_place()
    {
        var hasher = new MaskedHasher(ulong.MaxValue);
        var table = new KeyedTable<long, long>(hasher);
        table.GetOrAdd(4, hasher.Hash(4), out bool existed) = 11;

        ref long value = ref table.GetOrAdd(4, hasher.Hash(4), out bool exists);

        Assert.IsFalse(existed);
        Assert.IsTrue(exists);
        Assert.AreEqual(11, value);
    }

    // Runs of neighbours that wrap around the end of the slots, gaps in them, and all keys in one place.
    [TestMethod]
    [DataRow(ulong.MaxValue)]
    [DataRow(0xFFFF_FFFF_0000_0000UL)]
    [DataRow(0xFUL)]
    [DataRow(0UL)]
    public void Keys_come_and_go_as_in_a_dictionary(ulong hashBits)
    {
        var random = new Random(11);
        var hasher = new MaskedHasher(hashBits);
        var table = new KeyedTable<long, long>(hasher);
        Dictionary<long, long> model = [];
        for (int step = 0; step < 20_000; step++)
        {
            // The number of keys rises and falls.
            long key = random.Next(1 + (Math.Abs((step % 4_000) - 2_000) / 10));
            ulong hash = hasher.Hash(in key);
            if (random.Next(2) == 0)
            {
                table.GetOrAdd(in key, hash, out _) = step;
                model[key] = step;
            }
            else
            {
                Assert.AreEqual(model.Remove(key), table.Remove(in key, hash) >= 0, $"step {step}");
            }

            int index = table.IndexOf(in key, hash);
            Assert.AreEqual(model.ContainsKey(key), index >= 0, $"step {step}");
            Assert.AreEqual(model.Count, table.Count, $"step {step}");
        }

        Assert.AreEqual(model.Count, table.Count);
        foreach ((long key, long value) in model)
        {
            Assert.AreEqual(value, table.ValueAt(table.IndexOf(in key, hasher.Hash(in key))));
        }
    }

    // Keys that are there, are new, or come twice; one that is removed behind the probe; tables that grow, shrink or
    // are emptied.
    [TestMethod]
    [DataRow(ulong.MaxValue, 40_000)]
    [DataRow(0xFFFF_FFFF_0000_00FFUL, 600)]
    [DataRow(0xFUL, 300)]
    [DataRow(0UL, 100)]
    public void Batches_that_change_values_come_to_what_a_dictionary_has(ulong hashBits, int keys)
    {
        var random = new Random(7);
        var hasher = new MaskedHasher(hashBits);
        var table = new KeyedTable<long, long>(hasher);
        Dictionary<long, long> model = [];
        for (int round = 0; round < 200; round++)
        {
            long[] batch = [.. Enumerable.Range(0, random.Next(1, 1_500)).Select(_ => (long)random.Next(keys))];
            ulong[] hashes = [.. batch.Select(key => hasher.Hash(in key))];
            uint[] guesses = new uint[batch.Length];
            table.ProbeToChange(hashes, guesses);
            int removal = random.Next(3) == 0 ? random.Next(batch.Length) : -1;
            for (int i = 0; i < batch.Length; i++)
            {
                if (i == removal)
                {
                    long removed = batch[random.Next(batch.Length)];
                    Assert.AreEqual(model.Remove(removed), table.Remove(in removed, hasher.Hash(in removed)) >= 0);
                }

                bool exists = true;
                ref long value = ref table.Guessed(in batch[i], guesses[i]);
                if (Unsafe.IsNullRef(ref value))
                {
                    value = ref table.GetOrAdd(in batch[i], hashes[i], out exists);
                }

                Assert.AreEqual(model.ContainsKey(batch[i]), exists, $"round {round}, key {batch[i]}");
                Assert.AreEqual(model.GetValueOrDefault(batch[i]), value, $"round {round}, key {batch[i]}");
                value += i + 1;
                model[batch[i]] = value;
            }

            Assert.AreEqual(model.Count, table.Count);
            if (random.Next(20) == 0)
            {
                table.Clear();
                model.Clear();
            }
        }
    }

    // A guess may point at another key by then, or at a page that has been given back.
    [TestMethod]
    public void Guesses_made_before_keys_were_removed_mislead_nobody()
    {
        var hasher = new MaskedHasher(ulong.MaxValue);
        var table = new KeyedTable<long, long>(hasher);
        long[] keys = [.. Enumerable.Range(0, 3_000).Select(i => (long)i)];
        AddAll(table, hasher, keys, []);
        ulong[] hashes = [.. keys.Select(key => hasher.Hash(in key))];
        uint[] guesses = new uint[keys.Length];
        table.Probe(hashes, guesses);
        foreach (long key in keys.Where(key => key % 100 != 0))
        {
            table.Remove(in key, hasher.Hash(in key));
        }

        for (int i = 0; i < keys.Length; i++)
        {
            ref long value = ref table.GetOrAdd(in keys[i], hashes[i], guesses[i], out bool exists);

            Assert.AreEqual(i % 100 == 0, exists, $"key {i}");
            Assert.AreEqual(exists ? i + 1 : 0, value, $"key {i}");
        }
    }

    [TestMethod]
    public void What_is_removed_gives_its_memory_back()
    {
        var hasher = new MaskedHasher(ulong.MaxValue);
        var table = new KeyedTable<long, string>(hasher);
        for (long key = 0; key < 100_000; key++)
        {
            table.GetOrAdd(in key, hasher.Hash(in key), out _) = "kept";
        }

        for (long key = 0; key < 99_990; key++)
        {
            table.Remove(in key, hasher.Hash(in key));
        }

        Assert.AreEqual(10, table.Count);
        Assert.IsLessThanOrEqualTo(2, table.Pages);
        Assert.IsLessThanOrEqualTo(256, table.Slots);
    }

    // One segment that is too small, just right or full, and many of them; as many keys as room was made for, or more.
    [TestMethod]
    [DataRow(0)]
    [DataRow(9)]
    [DataRow(5_000)]
    [DataRow(8_192)]
    [DataRow(8_193)]
    [DataRow(200_000)]
    public void Entries_that_are_filed_in_one_go_are_found_as_if_they_had_come_one_by_one(int room)
    {
        FileAll(room, (table, hashes) => table.TryFile(hashes, new uint[hashes.Length]), static _ => true);
        FileAll(room, static (table, hashes) => table.TryGather(hashes), static table => table.TrySettle());
    }

    private static void FileAll(
        int room, Func<KeyedTable<long, long>, ulong[], bool> file, Func<KeyedTable<long, long>, bool> end)
    {
        const int AtOnce = 256;
        var hasher = new MaskedHasher(ulong.MaxValue);
        var table = new KeyedTable<long, long>(hasher);
        table.Reserve(room);
        int keys = Math.Max(AtOnce, room * 5 / 4 / AtOnce * AtOnce);
        ulong[] hashes = new ulong[AtOnce];
        for (long key = 0; key < keys; key++)
        {
            ref KeyedTable<long, long>.Entry entry = ref table.AddUnfiled(1)[0];
            entry.Key = key;
            entry.Value = key + 1;
            hashes[key % AtOnce] = hasher.Hash(in key);
            if (key % AtOnce == AtOnce - 1)
            {
                Assert.IsTrue(file(table, hashes));
            }
        }

        Assert.IsTrue(end(table));

        Assert.AreEqual(keys, table.Count);
        Assert.IsGreaterThanOrEqualTo(2 * keys, table.Slots);
        for (long key = 0; key < keys; key++)
        {
            Assert.AreEqual(key + 1, table.GetOrAdd(in key, hasher.Hash(in key), out bool exists));
            Assert.IsTrue(exists, $"key {key}");
        }

        for (long key = 0; key < keys; key++)
        {
            Assert.IsGreaterThanOrEqualTo(0, table.Remove(in key, hasher.Hash(in key)));
        }

        Assert.AreEqual(0, table.Count);
        Assert.IsLessThanOrEqualTo(256, table.Slots);
    }

    [TestMethod]
    public void A_key_that_comes_twice_is_not_filed()
    {
        var hasher = new MaskedHasher(0xF);
        var table = new KeyedTable<long, long>(hasher);
        foreach (long key in (long[])[3, 19, 35, 19])
        {
            table.AddUnfiled(1)[0].Key = key;
        }

        ulong[] hashes = [.. ((long[])[3, 19, 35, 19]).Select(static key => new MaskedHasher(0xF).Hash(in key))];
        Assert.IsFalse(table.TryFile(hashes, new uint[4]));
    }

    [TestMethod]
    public void A_key_that_comes_twice_does_not_settle()
    {
        var hasher = new MaskedHasher(0xF);
        var table = new KeyedTable<long, long>(hasher);
        table.Reserve(4);
        foreach (long key in (long[])[3, 19, 35, 19])
        {
            table.AddUnfiled(1)[0].Key = key;
        }

        ulong[] hashes = [.. ((long[])[3, 19, 35, 19]).Select(static key => new MaskedHasher(0xF).Hash(in key))];
        Assert.IsTrue(table.TryGather(hashes));
        Assert.IsFalse(table.TrySettle());
    }

    // As many that the slots are many segments, which become more and fewer.
    [TestMethod]
    public void Many_keys_come_and_go_as_in_a_dictionary()
    {
        var random = new Random(13);
        var hasher = new MaskedHasher(ulong.MaxValue);
        var table = new KeyedTable<long, long>(hasher);
        Dictionary<long, long> model = [];
        foreach (int keys in (int[])[150_000, 3_000, 60_000, 0, 20_000])
        {
            while (model.Count < keys)
            {
                long key = random.NextInt64();
                table.GetOrAdd(in key, hasher.Hash(in key), out _) = key + 1;
                model[key] = key + 1;
            }

            foreach (long key in model.Keys.Take(model.Count - keys).ToArray())
            {
                Assert.IsGreaterThanOrEqualTo(0, table.Remove(in key, hasher.Hash(in key)));
                model.Remove(key);
            }

            Assert.AreEqual(model.Count, table.Count);
            Assert.IsGreaterThanOrEqualTo(2 * keys, table.Slots);
            Assert.IsLessThanOrEqualTo(Math.Max(64, 32 * keys), table.Slots);
            foreach ((long key, long value) in model)
            {
                Assert.AreEqual(value, table.ValueAt(table.IndexOf(in key, hasher.Hash(in key))));
            }
        }
    }

    // Some keys are looked up with guesses, which the additions between make miss or leave true, the others without.
    private static void AddAll(
        KeyedTable<long, long> table, MaskedHasher hasher, long[] keys, Dictionary<long, long> model)
    {
        ulong[] hashes = [.. keys.Select(key => hasher.Hash(in key))];
        uint[] guesses = new uint[keys.Length];
        table.Probe(hashes, guesses);
        for (int i = 0; i < keys.Length; i++)
        {
            bool exists;
            ref long value = ref i % 5 == 0
                ? ref table.GetOrAdd(in keys[i], hashes[i], out exists)
                : ref table.GetOrAdd(in keys[i], hashes[i], guesses[i], out exists);

            Assert.AreEqual(model.ContainsKey(keys[i]), exists, $"key {keys[i]}");
            Assert.AreEqual(model.GetValueOrDefault(keys[i]), value, $"key {keys[i]}");
            value += keys[i] + 1;
            model[keys[i]] = value;
        }
    }

    private sealed class MaskedHasher(ulong bits) : KeyHasher<long>
    {
        public override ulong Hash(in long key) => KeyHash.OfInt64(key) & bits;

        public override bool Equals(in long left, in long right) => left == right;
    }
}
