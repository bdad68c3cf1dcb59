using System.Numerics;
using Millrace.State;

namespace Millrace.Serialization.Keys;

[TestClass]
public sealed class KeyHashTests
{
    private readonly SerializerSet _set = new();

    // The vectors of docs/formats/key-hash.md. A change here orphans every checkpoint.
    [TestMethod]
    public void The_documented_vectors_hold()
    {
        AssertHash(0xe220a8397b1dcdafUL, 0L);
        AssertHash(0xe220a8397b1dcdafUL, false);
        AssertHash(0xe220a8397b1dcdafUL, '\0');
        AssertHash(0xe220a8397b1dcdafUL, -0.0);
        AssertHash(0x910a2dec89025cc1UL, 1);
        AssertHash(0xe4d971771b652c20UL, -1L);
        AssertHash(0x2a67d7552e039ea7UL, long.MaxValue);
        AssertHash(0xd6dab18e1392608aUL, 1.5);
        AssertHash(0xc72971d82e15bb46UL, double.NaN);
        AssertHash(0x8e1afb0ffb04af0aUL, 1.00m);
        AssertHash(0xdecba14176a745c6UL, -2.5m);
        AssertHash(0x055a5a3eb84512b1UL, (Int128)(-1));
        AssertHash(0x7ea847dbf6c834caUL, new BigInteger(1000));
        AssertHash(0xdf67d602845c9e88UL, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
        AssertHash(0x0409638ee2bde459UL, "");
        AssertHash(0xf9e5c3691e92e0bfUL, "a");
        AssertHash(0xa84e8dc9657f5dacUL, "mill");
        AssertHash(0x1d267de857a2da67UL, "Füße");
        AssertHash(0x1f14aaeff0cecd9aUL, string.Concat(Enumerable.Repeat("millrace", 8)));
        AssertHash(0x94dd1bab3800e32aUL, (1, 2));
        AssertHash(0xc341c7758cc5e4ccUL, ("a", 1, (string?)null));
        AssertHash(0x9ae16a3b2f90404fUL, default(int?));
        AssertHash(0x9ae16a3b2f90404fUL, default(string));
        AssertHash(0xc3a5c85c97cb3127UL, default(Empty));
    }

    [TestMethod]
    public void Whole_numbers_and_fractions_keep_their_hash_when_they_widen()
    {
        foreach (int value in (int[])[0, 1, 100, -1, -100, 127, -128])
        {
            ulong expected = Hash((long)value);
            Assert.AreEqual(expected, Hash((sbyte)value));
            Assert.AreEqual(expected, Hash((short)value));
            Assert.AreEqual(expected, Hash(value));
            Assert.AreEqual(expected, Hash<int?>(value));
        }

        Assert.AreEqual(Hash(200L), Hash((byte)200));
        Assert.AreEqual(Hash(200L), Hash(Colour.Blue));
        Assert.AreEqual(Hash((long)uint.MaxValue), Hash(uint.MaxValue));
        Assert.AreEqual(Hash(1.5), Hash(1.5f));
        Assert.AreEqual(Hash(1.5), Hash((Half)1.5));
    }

    [TestMethod]
    public void Values_that_are_equal_have_equal_hashes_however_they_are_written()
    {
        AssertSame(0.0, -0.0);
        AssertSame(double.NaN, BitConverter.UInt64BitsToDouble(0xfff8000000000001));
        AssertSame(0f, -0f);
        AssertSame(Half.Zero, Half.NegativeZero);
        AssertSame(1.0m, 1.000m);
        AssertSame(100m, 1e2m);
        AssertSame(0m, -0.00m);
        AssertSame(decimal.MaxValue, decimal.MaxValue);
        AssertSame(new DateTime(5, DateTimeKind.Utc), new DateTime(5, DateTimeKind.Local));
        AssertSame(
            new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2024, 1, 1, 14, 0, 0, TimeSpan.FromHours(2)));
        AssertSame(BigInteger.Parse("12345678901234567890", null), new BigInteger(12345678901234567890UL));
        AssertSame(new string('x', 3), "xxx");
        AssertSame("\uD800", "\uD800");
        AssertSame<Line?>(null, null);
        AssertSame(new Line("a", 1, 1.0m), new Line("a", 1, 1.00m));
        AssertSame(
            new WithText("a", new Point(1, 2), 3, new Point(4, 5)),
            new WithText("a", new Point(1, 2), 3, new Point(4, 5)));
        AssertSame((1, "a", (2L, 'c')), (1, "a", (2L, 'c')));
        AssertSame(Tuple.Create("a", 1), Tuple.Create("a", 1));
        AssertSame(new { Name = "a", Number = 1 }, new { Name = "a", Number = 1 });
        AssertSame(new Animal { Name = "a" }, new Animal { Name = "a" });
    }

    [TestMethod]
    public void Values_that_differ_in_one_part_are_different()
    {
        AssertDifferent("a", "b");
        AssertDifferent<string?>("", null);
        AssertDifferent<int?>(0, null);
        AssertDifferent<Line?>(new Line("a", 1, 1m), null);
        AssertDifferent(new Line("a", 1, 1m), new Line("b", 1, 1m));
        AssertDifferent(new Line("a", 1, 1m), new Line("a", 2, 1m));
        AssertDifferent(new Line("a", 1, 1m), new Line("a", 1, 2m));
        AssertDifferent((1, 2), (2, 1));
        AssertDifferent(new WithText("a", default, null, null), new WithText("a", default, 0, null));
        AssertDifferent(new WithText("a", default, null, null), new WithText("a", default, null, new Point(0, 0)));
        AssertDifferent(Guid.Empty, new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
        AssertDifferent(Int128.One, Int128.One << 64);
    }

    [TestMethod]
    public void Batches_hash_like_single_keys_and_equality_agrees_with_that_of_the_language()
    {
        CheckAgainstLanguage<long>(i => i);
        CheckAgainstLanguage(i => i % 7 == 0 ? null : $"key {i}");
        CheckAgainstLanguage(i => new Point(i, -i));
        CheckAgainstLanguage(i => (i, i % 3 == 0 ? null : $"{i}", i % 2 == 0));
        CheckAgainstLanguage(i => new Line($"{i}", i, i / 3m));
        CheckAgainstLanguage(i => new Mixed(i % 2 == 0, new DateTime(i), i / 7m, (Colour)(byte)i, new Point(i, i)));
        CheckAgainstLanguage<double?>(i => i % 5 == 0 ? null : i / 3.0);
        CheckAgainstLanguage(i => new DateTimeOffset(2024, 1, 1, 0, i % 60, i / 60, TimeSpan.FromHours(i % 5)));
    }

    [TestMethod]
    public void Default_equality_is_offered_only_where_it_is_the_same_and_does_not_box()
    {
        Assert.IsTrue(_set.GetKeyHasher<long>().UsesDefaultEquality);
        Assert.IsTrue(_set.GetKeyHasher<string>().UsesDefaultEquality);
        Assert.IsTrue(_set.GetKeyHasher<Point>().UsesDefaultEquality);
        Assert.IsTrue(_set.GetKeyHasher<(int, Point?, Line)>().UsesDefaultEquality);
        Assert.IsFalse(_set.GetKeyHasher<KeyValuePair<int, int>>().UsesDefaultEquality);
        Assert.IsFalse(_set.GetKeyHasher<Animal>().UsesDefaultEquality);
        Assert.IsFalse(_set.GetKeyHasher<(int, Animal)>().UsesDefaultEquality);
    }

    private void CheckAgainstLanguage<TKey>(Func<int, TKey> keyOf)
    {
        const int Count = 301;
        KeyHasher<TKey> hasher = _set.GetKeyHasher<TKey>();
        TKey[] keys = [.. Enumerable.Range(0, Count).Select(keyOf), .. Enumerable.Range(0, Count).Select(keyOf)];
        ulong[] hashes = new ulong[keys.Length];
        hasher.HashBatch(keys, hashes);
        for (int i = 0; i < keys.Length; i++)
        {
            Assert.AreEqual(hasher.Hash(keys[i]), hashes[i], $"hash of {keys[i]} in a batch");
            for (int j = 0; j < keys.Length; j += 7)
            {
                bool equal = EqualityComparer<TKey>.Default.Equals(keys[i], keys[j]);
                Assert.AreEqual(equal, hasher.Equals(keys[i], keys[j]), $"{keys[i]} and {keys[j]}");
                Assert.AreEqual(equal, hashes[i] == hashes[j], $"hashes of {keys[i]} and {keys[j]}");
            }
        }
    }

    private ulong Hash<TKey>(TKey key) => _set.GetKeyHasher<TKey>().Hash(in key);

    private void AssertHash<TKey>(ulong expected, TKey key) =>
        Assert.AreEqual($"{expected:x16}", $"{Hash(key):x16}", $"hash of the {typeof(TKey)} {key}");

    private void AssertSame<TKey>(TKey left, TKey right)
    {
        Assert.IsTrue(_set.GetKeyHasher<TKey>().Equals(in left, in right), $"{left} and {right}");
        Assert.AreEqual(Hash(left), Hash(right), $"hashes of {left} and {right}");
    }

    private void AssertDifferent<TKey>(TKey left, TKey right)
    {
        Assert.IsFalse(_set.GetKeyHasher<TKey>().Equals(in left, in right), $"{left} and {right}");
        Assert.IsFalse(_set.GetKeyHasher<TKey>().Equals(in right, in left), $"{right} and {left}");
        Assert.AreNotEqual(Hash(left), Hash(right), $"hashes of {left} and {right}");
    }
}
