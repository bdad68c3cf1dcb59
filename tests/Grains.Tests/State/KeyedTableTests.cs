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
