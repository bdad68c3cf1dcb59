using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;
using Millrace.State.Snapshots.Subtasks;
using Millrace.Tasks.Checkpointing;

namespace Millrace.State;

/// <summary>How restored state finds its way into what asks for it.</summary>
[TestClass]
public sealed class RestoredStateTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";
    private const int KeyGroups = 16;
    private const int Keys = 3_000;

    private static readonly KeyGroupRange All = new(0, KeyGroups);

    private readonly SerializerSet _serializers = new();

    // Whoever makes room for those of the first one only, grows again and again with those of the others.
    [TestMethod]
    public void A_state_is_told_of_the_entries_of_all_former_subtasks_before_the_first_comes()
    {
        KeyedSnapshot[] former = [.. Enumerable.Range(0, 4).Select(i => new KeyedSnapshot(Snapshot(RangeOf(i, 4))))];
        Section section = new(_serializers);
        using (RestoredState restored = RestoredState.Of(Settings(All), former))
        {
            restored.MoveTo(section);
        }

        Assert.AreEqual(Keys, section.Read);
        CollectionAssert.AreEqual(new long[] { Keys }, section.Announced);
    }

    [TestMethod]
    public void Former_subtasks_that_wrote_other_types_are_read_by_themselves()
    {
        KeyedSnapshot[] former =
        [
            Snapshot(RangeOf(0, 4)), Snapshot(RangeOf(1, 4)), SnapshotOfInts(RangeOf(2, 4)), Snapshot(RangeOf(3, 4)),
        ];
        using HeapStateBackend<long> backend = new(Settings(All));
        backend.Restore(former);
        KeyedTable<long, long> table = backend.CreateTable<long>("state");

        Assert.AreEqual(Keys, table.Count);
        for (long key = 0; key < Keys; key++)
        {
            int index = table.IndexOf(in key, backend.Hasher.Hash(in key));
            Assert.AreEqual(2 * key, table.ValueAt(index), $"{key}");
        }
    }

    // Told between two key groups, while the loop reads what a state of its operator held.
    [TestMethod]
    public void A_subtask_that_is_to_end_restores_no_further_key_group()
    {
        using CancellationTokenSource stop = new();
        KeyedSnapshot former = Snapshot(All);
        Section section = new(_serializers) { Reached = read => StopAt(stop, read) };
        using RestoredState restored = RestoredState.Of(Settings(All, stop.Token), [former]);
        Assert.ThrowsExactly<OperationCanceledException>(() => restored.MoveTo(section));
        Assert.IsLessThan(Keys / 2, section.Read);

        static void StopAt(CancellationTokenSource stop, int read)
        {
            if (read == Keys / 4)
            {
                stop.Cancel();
            }
        }
    }

    // What is read beside comes when it comes: whoever writes waits without a thread.
    [TestMethod]
    public async Task The_first_part_of_state_that_nobody_asks_for_is_written_without_blocking()
    {
        byte[] written = SubtaskBytes.Write([(Id, new OperatorSnapshot(Snapshot(All)))]);
        using SnapshotSource source = SubtaskBytes.SourceOf("bytes", written);
        LateBytes bytes = new(source);
        using RestoredHold hold = bytes.Hold();
        SubtaskSnapshot read = await new SubtaskSnapshotReader([source], static (_, _) => true, [bytes])
            .ReadAsync(CancellationToken.None);
        using HeapStateBackend<long> backend = new(Settings(All));
        backend.Restore([read.Operators[Id].Keyed]);

        using FrozenOperator kept = new() { Keyed = backend.Freeze(SnapshotOrder.Everything) };
        SubtaskStateWriter writer = new(null!, inlineBytes: 1 << 20);
        Task<Checkpointing.StateHandle> writing = writer.WriteAsync(
            default, "state", new FrozenSubtask([(Id, kept)]), new SubtaskTable(), CancellationToken.None);
        Assert.IsFalse(writing.IsCompleted);
        Assert.AreEqual(0, bytes.Reads);

        bytes.RunAll();
        CollectionAssert.AreEqual(written, (await writing).Bytes);
        Assert.IsGreaterThan(0, bytes.Reads);
    }

    private static KeyGroupRange RangeOf(int subtask, int subtasks) =>
        KeyGroupAssignment.RangeOf(KeyGroups, subtasks, subtask);

    private byte[] Snapshot(KeyGroupRange range)
    {
        using HeapStateBackend<long> backend = new(Settings(range));
        KeyedTable<long, long> table = backend.CreateTable<long>("state");
        ForEachKey(backend, (key, hash) => table.GetOrAdd(in key, hash, out _) = 2 * key);
        return backend.Snapshot();
    }

    private byte[] SnapshotOfInts(KeyGroupRange range)
    {
        using HeapStateBackend<long> backend = new(Settings(range));
        KeyedTable<long, int> table = backend.CreateTable<int>("state");
        ForEachKey(backend, (key, hash) => table.GetOrAdd(in key, hash, out _) = (int)(2 * key));
        return backend.Snapshot();
    }

    private static void ForEachKey(HeapStateBackend<long> backend, Action<long, ulong> action)
    {
        for (long key = 0; key < Keys; key++)
        {
            ulong hash = backend.Hasher.Hash(in key);
            if (backend.Settings.Range.Contains(KeyGroupAssignment.KeyGroupOf(hash, KeyGroups)))
            {
                action(key, hash);
            }
        }
    }

    private KeyedStateSettings Settings(KeyGroupRange range, CancellationToken stop = default) =>
        new("Op", _serializers, KeyGroups, range, TimeProvider.System, stop);

    /// <summary>A state that counts what it is given.</summary>
    private sealed class Section(SerializerSet serializers) : RestorableSection
    {
        private readonly KeyHasher<long> _hasher = serializers.GetKeyHasher<long>();

        public override SectionHeader Header { get; } = new(
            SectionKind.Value,
            "state",
            serializers.Get<long>().Shape,
            null,
            null,
            serializers.Get<long>().Shape);

        /// <summary>How many entries were said to follow, each time.</summary>
        public List<long> Announced { get; } = [];

        /// <summary>Entries that came.</summary>
        public int Read { get; private set; }

        /// <summary>Told of each number of entries.</summary>
        public Action<int> Reached { get; init; } = static _ => { };

        public override EntryReader ReaderOf(SectionHeader written, bool replaces) => (ref RecordReader reader) =>
        {
            long key = reader.ReadInt64();
            reader.ReadInt64();
            Reached(++Read);
            return _hasher.Hash(in key);
        };

        public override EntriesReader BatchReaderOf(SectionHeader written, bool replaces, long entries)
        {
            Announced.Add(entries);
            return base.BatchReaderOf(written, replaces, entries);
        }
    }

    /// <summary>Bytes that are read when the test says so.</summary>
    private sealed class LateBytes(SnapshotSource source) : RestoredBytes
    {
        private readonly List<(Action Reads, TaskCompletionSource Done)> _late = [];

        public int Reads { get; private set; }

        public override void Read(long offset, Memory<byte> into, CancellationToken cancellationToken)
        {
            Reads++;
            source.Read(offset, into, cancellationToken);
        }

        public override Task? RunBeside(Action reads)
        {
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _late.Add((reads, done));
            return done.Task;
        }

        public void RunAll()
        {
            foreach ((Action reads, TaskCompletionSource done) in _late.ToArray())
            {
                reads();
                done.SetResult();
            }
        }

        protected override void End()
        {
        }
    }
}
