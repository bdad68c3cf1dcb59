using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.Snapshots;

namespace Millrace.State.Disk;

/// <summary>Lists and maps of one key that are larger than what is written, or taken in, at a time.</summary>
[TestClass]
public sealed class LargeEntriesTests
{
    private const int PartBytes = 64 << 10;
    private const int KeyGroups = 4;
    private const int Elements = 60_000;

    private static readonly KeyGroupRange All = new(0, KeyGroups);
    private static readonly ListStateDescriptor<long> Numbers = new("numbers");
    private static readonly ListStateDescriptor<string> Texts = new("texts");
    private static readonly MapStateDescriptor<int, string> Map = new("map");

    private readonly SerializerSet _serializers = new();

    // Some megabytes each; beside the block that is being filled, no more than a part is held.
    [TestMethod]
    public void They_are_written_and_read_in_parts_that_are_small()
    {
        using DiskSpace disk = new();
        using DiskStateBackend<string> backend = new(Settings(), disk.Space);
        Fill(backend, "large", Elements);
        Fill(backend, "small", 3);
        byte[] bytes = Write(backend.Freeze(SnapshotOrder.Everything));

        using DiskStateBackend<string> onDisk = new(Settings(), disk.Space);
        using HeapStateBackend<string> inMemory = new(Settings());
        foreach (KeyedStateBackend<string> read in (KeyedStateBackend<string>[])[onDisk, inMemory])
        {
            read.Restore([bytes]);
            Verify(read, "large", Elements);
            Verify(read, "small", 3);
        }

        foreach (StoredSection section in new KeyedSnapshot(bytes).Read().Sections)
        {
            int parts = section.More.Sum(static group => group.Entries);
            Assert.IsGreaterThan(5, parts, section.Header.Name);
            Assert.IsLessThan(
                (PartBytes + 1_000L) * parts,
                section.More.Sum(static group => (long)group.Length),
                section.Header.Name);
            Assert.AreEqual(2, section.Groups.Sum(static group => group.Entries), section.Header.Name);
        }
    }

    // What changed in two stretches is told twice: its parts must not be taken in twice.
    [TestMethod]
    public void Changes_that_are_told_twice_are_taken_in_once()
    {
        using DiskSpace disk = new();
        using DiskStateBackend<string> backend = new(Settings(), disk.Space);
        Fill(backend, "large", 10);
        byte[] whole = Write(backend.Freeze(new SnapshotOrder(1, 0, TracksChanges: true)));
        backend.Completed(1);
        Fill(backend, "large", Elements, from: 10);
        Write(backend.Freeze(new SnapshotOrder(2, 1, TracksChanges: true)));
        Fill(backend, "large", Elements + 1, from: Elements);
        Fill(backend, "other", Elements);
        byte[] changes = Write(backend.Freeze(new SnapshotOrder(3, 1, TracksChanges: true)));

        (int keyGroups, KeyGroupRange range, IReadOnlyList<StoredSection> sections) = new KeyedSnapshot(whole).Read();
        KeyedSnapshot both = new(keyGroups, range, [.. sections, .. new KeyedSnapshot(changes).Read().Sections]);
        Assert.Contains(
            static section => section.IsDelta && section.Groups.Sum(static group => group.Entries) > 2,
            both.Read().Sections,
            "one of two entries is told more than once");
        using DiskStateBackend<string> onDisk = new(Settings(), disk.Space);
        using HeapStateBackend<string> inMemory = new(Settings());
        foreach (KeyedStateBackend<string> read in (KeyedStateBackend<string>[])[onDisk, inMemory])
        {
            read.Restore([both]);
            Verify(read, "large", Elements + 1);
            Verify(read, "other", Elements);
        }
    }

    // As in a checkpoint whose program no longer asks for the state.
    [TestMethod]
    public void What_nobody_asks_for_is_written_again_in_parts()
    {
        using DiskSpace disk = new();
        using DiskStateBackend<string> backend = new(Settings(), disk.Space);
        Fill(backend, "large", Elements);
        byte[] bytes = Write(backend.Freeze(SnapshotOrder.Everything));

        using HeapStateBackend<string> between = new(Settings());
        between.Restore([bytes]);
        using HeapStateBackend<string> last = new(Settings());
        last.Restore([Write(between.Freeze(SnapshotOrder.Everything))]);
        Verify(last, "large", Elements);
    }

    [TestMethod]
    public void A_part_without_those_before_it_is_refused()
    {
        using DiskSpace disk = new();
        using DiskStateBackend<string> backend = new(Settings(), disk.Space);
        Fill(backend, "large", Elements);
        byte[] bytes = Write(backend.Freeze(SnapshotOrder.Everything));
        (int keyGroups, KeyGroupRange range, IReadOnlyList<StoredSection> sections) = new KeyedSnapshot(bytes).Read();
        foreach (StoredSection section in sections.Where(static one => one.Header.Kind == SectionKind.List))
        {
            KeyedSnapshot orphaned = new(keyGroups, range, [section with { Groups = [] }]);
            using DiskStateBackend<string> onDisk = new(Settings(), disk.Space);
            using HeapStateBackend<string> inMemory = new(Settings());
            foreach (KeyedStateBackend<string> read in (KeyedStateBackend<string>[])[onDisk, inMemory])
            {
                read.Restore([orphaned]);
                RecordCorruptedException refused = Assert.ThrowsExactly<RecordCorruptedException>(
                    () => Ask(read, section.Header.Name));
                StringAssert.Contains(refused.Message, section.Header.Name);
            }
        }
    }

    private static void Ask(KeyedStateBackend<string> backend, string name)
    {
        if (name == Numbers.Name)
        {
            backend.Keyed.Get(Numbers);
            return;
        }

        backend.Keyed.Get(Texts);
    }

    private static void Fill(KeyedStateBackend<string> backend, string key, int elements, int from = 0)
    {
        IListState<long> numbers = backend.Keyed.Get(Numbers);
        IListState<string> texts = backend.Keyed.Get(Texts);
        IMapState<int, string> map = backend.Keyed.Get(Map);
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        foreach (int[] some in Enumerable.Range(from, elements - from).Chunk(10_000))
        {
            numbers.AddAll(some.Select(static i => (long)i));
            texts.AddAll(some.Select(TextOf));
            Array.ForEach(some, i => map[i] = TextOf(i));
        }

        backend.ClearKey();
    }

    private static void Verify(KeyedStateBackend<string> backend, string key, int elements)
    {
        IListState<long> numbers = backend.Keyed.Get(Numbers);
        IListState<string> texts = backend.Keyed.Get(Texts);
        IMapState<int, string> map = backend.Keyed.Get(Map);
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        Assert.IsTrue(Enumerable.Range(0, elements).Select(static i => (long)i).SequenceEqual(numbers), key);
        Assert.IsTrue(Enumerable.Range(0, elements).Select(TextOf).SequenceEqual(texts), key);
        Assert.AreEqual(elements, map.Count, key);
        Assert.IsTrue(map.All(static entry => entry.Value == TextOf(entry.Key)), key);
        backend.ClearKey();
    }

    private static string TextOf(int i) => $"{i} {new string('x', i % 100)}";

    private static byte[] Write(FrozenState frozen)
    {
        using (frozen)
        {
            using SnapshotOutput output = new();
            long written = 0;
            foreach (long position in frozen.Write(output))
            {
                Assert.IsLessThan(KeyedSnapshotWriter.BlockBytes + (2 * PartBytes), position - written);
                written = position;
            }

            return output.Writer.WrittenSpan.ToArray();
        }
    }

    private KeyedStateSettings Settings() =>
        new("Op", _serializers, KeyGroups, All, TimeProvider.System) { PartBytes = PartBytes };
}
