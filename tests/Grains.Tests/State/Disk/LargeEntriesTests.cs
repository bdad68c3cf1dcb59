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

    private static readonly string LongText = new('x', 4 << 10);

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

    // What a row holds is put together anew each time it is looked for, however little of it is wanted.
    [TestMethod]
    public void However_many_blocks_a_list_has_its_row_is_looked_for_once()
    {
        using DiskSpace disk = new();
        using DiskStateBackend<string> backend = new(Settings(), disk.Space);
        FillTexts(backend, "large", blocks: 0);
        Write(backend.Freeze(new SnapshotOrder(1, 0, TracksChanges: true)));
        backend.Completed(1);
        FillTexts(backend, "large", blocks: 3);

        long before = disk.Space.SnapshotLookups;
        byte[] changes = Write(backend.Freeze(new SnapshotOrder(2, 1, TracksChanges: true)));
        Assert.IsTrue(new KeyedSnapshot(changes).Read().Sections.Single().IsDelta);
        Assert.AreEqual(1, disk.Space.SnapshotLookups - before, "of what has changed: one entry");

        before = disk.Space.SnapshotLookups;
        byte[] all = Write(backend.Freeze(SnapshotOrder.Everything));
        Assert.IsGreaterThan(3 * KeyedSnapshotWriter.BlockBytes, all.Length);
        Assert.AreEqual(KeyGroups, disk.Space.SnapshotLookups - before, "of everything: a scan for each key group");

        using HeapStateBackend<string> read = new(Settings());
        read.Restore([all]);
        IListState<string> texts = read.Keyed.Get(Texts);
        string key = "large";
        read.SetKey(in key, read.Hasher.Hash(in key));
        Assert.AreEqual(1 + (3 * KeyedSnapshotWriter.BlockBytes / LongText.Length), texts.Count);
        read.ClearKey();
    }

    // A scan holds on to files: but for the parts of one list, none is open for more than a block.
    [TestMethod]
    public void Of_many_lists_with_parts_no_scan_goes_through_more_than_a_block_and_a_list()
    {
        const int Keys = 40;
        using DiskSpace disk = new();
        using DiskStateBackend<string> backend = new(Settings(), disk.Space);
        for (int i = 0; i < Keys; i++)
        {
            FillTexts(backend, $"key {i}", blocks: 0.25);
        }

        long before = disk.Space.SnapshotLookups;
        byte[] all = Write(backend.Freeze(SnapshotOrder.Everything));
        int blocks = all.Length / KeyedSnapshotWriter.BlockBytes;
        Assert.IsGreaterThan(2 * KeyGroups, blocks);
        Assert.IsInRange(blocks, blocks + (2 * KeyGroups), (int)(disk.Space.SnapshotLookups - before));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void A_list_that_is_given_up_between_its_blocks_lets_its_database_go(int blocks)
    {
        using DiskSpace disk = new();
        DiskStateBackend<string> backend = new(Settings(), disk.Space);
        FillTexts(backend, "large", blocks: 3);
        FrozenState frozen = backend.Freeze(SnapshotOrder.Everything);
        backend.Dispose();
        using (SnapshotOutput output = new())
        {
            using IEnumerator<long> parts = frozen.Write(output).GetEnumerator();
            while (output.Position < (blocks - 0.5) * KeyedSnapshotWriter.BlockBytes)
            {
                Assert.IsTrue(parts.MoveNext());
            }

            frozen.Dispose();
        }

        Assert.AreEqual(0, disk.Space.OpenDatabases);
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

    // As many texts as make so many blocks, or one for none.
    private static void FillTexts(KeyedStateBackend<string> backend, string key, double blocks)
    {
        IListState<string> texts = backend.Keyed.Get(Texts);
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        if (blocks == 0)
        {
            texts.Add(LongText);
        }

        int count = (int)(blocks * KeyedSnapshotWriter.BlockBytes / LongText.Length);
        texts.AddAll(Enumerable.Repeat(LongText, count));
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
