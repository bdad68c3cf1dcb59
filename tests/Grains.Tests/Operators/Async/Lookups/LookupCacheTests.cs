using Millrace.Joins;

namespace Millrace.Operators.Async.Lookups;

[TestClass]
public sealed class LookupCacheTests
{
    // Against a list in the order of use, with all that can be done to it.
    [TestMethod]
    [DataRow(1, true)]
    [DataRow(2, false)]
    [DataRow(7, true)]
    [DataRow(40, false)]
    public void It_holds_what_a_list_in_the_order_of_use_would(int maxEntries, bool keepsMisses)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            TimeSpan? lifetime = seed % 3 == 0 ? null : TimeSpan.FromTicks(50);
            var cache = new LookupCache<string, int>(
                new LookupCacheSettings(maxEntries, lifetime, keepsMisses), TimeSpan.TicksPerSecond);
            var model = new Model(maxEntries, lifetime?.Ticks ?? long.MaxValue, keepsMisses);
            for (long now = 0; now < 2_000; now++)
            {
                string key = $"{random.Next(maxEntries * 2)}";
                if (random.Next(2) == 0)
                {
                    int[] rows = [.. Enumerable.Repeat((int)now, random.Next(3))];
                    cache.Put(key, rows, now);
                    model.Put(key, rows, now);
                }
                else
                {
                    bool found = cache.TryGet(key, now, out IReadOnlyList<int>? rows);
                    Assert.AreSame(model.Get(key, now), found ? rows : null, $"seed {seed}, {now}");
                }

                Assert.AreEqual(model.Count, cache.Count, $"seed {seed}, {now}");
                Assert.AreEqual(model.Evictions, cache.Evictions, $"seed {seed}, {now}");
            }

            Assert.IsGreaterThan(0, cache.Evictions);
        }
    }

    [TestMethod]
    public void Looking_into_it_and_replacing_what_is_there_allocates_nothing()
    {
        var cache = new LookupCache<long, int>(new LookupCacheSettings(100, null, true), TimeSpan.TicksPerSecond);
        int[] rows = [1];
        Use(cache, rows, 200);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Use(cache, rows, 100_000);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(100, cache.Count);
    }

    private static void Use(LookupCache<long, int> cache, int[] rows, long times)
    {
        for (long key = 0; key < times; key++)
        {
            cache.Put(key, rows, key);
            cache.TryGet(key - 50, key, out _);
        }
    }

    /// <summary>The last one was used most recently.</summary>
    private sealed class Model(int maxEntries, long lifetime, bool keepsMisses)
    {
        private readonly List<(string Key, int[] Rows, long FoundAt)> _entries = [];

        public int Count => _entries.Count;

        public long Evictions { get; private set; }

        public int[]? Get(string key, long now)
        {
            if (_entries.FindIndex(entry => entry.Key == key) is var index && index < 0)
            {
                return null;
            }

            (string, int[] Rows, long FoundAt) found = _entries[index];
            _entries.RemoveAt(index);
            if (now - found.FoundAt >= lifetime)
            {
                Evictions++;
                return null;
            }

            _entries.Add(found);
            return found.Rows;
        }

        public void Put(string key, int[] rows, long foundAt)
        {
            _entries.RemoveAll(entry => entry.Key == key);
            if (rows.Length == 0 && !keepsMisses)
            {
                return;
            }

            if (_entries.Count == maxEntries)
            {
                _entries.RemoveAt(0);
                Evictions++;
            }

            _entries.Add((key, rows, foundAt));
        }
    }
}
