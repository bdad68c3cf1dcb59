using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State;

/// <summary>Entries of key groups, read beside whoever takes them in.</summary>
[TestClass]
public sealed class GroupFeedTests
{
    private const int Groups = 200;
    private const int GroupBytes = 100_000;

    /// <summary>When what is to be read beside is read.</summary>
    public enum Beside
    {
        Never,
        AtOnce,
        WhenItIsTooLate,
        OnThreads,
    }

    [TestMethod]
    [DataRow(Beside.Never)]
    [DataRow(Beside.AtOnce)]
    [DataRow(Beside.WhenItIsTooLate)]
    [DataRow(Beside.OnThreads)]
    public void Whoever_reads_them_all_entries_come_in_their_order(Beside beside)
    {
        Bytes bytes = new(beside);
        StoredGroup[] groups = [.. Enumerable.Range(0, Groups).Select(i => GroupOf(i, bytes))];
        using (GroupFeed feed = new(groups))
        {
            for (int i = 0; i < Groups; i++)
            {
                Assert.IsTrue(feed.Next().SequenceEqual(BytesOf(i)), $"group {i}");
            }
        }

        bytes.RunLate();
        Assert.AreEqual(Groups * 9 / 10, bytes.Reads, "each is read once, and those in memory are not");
    }

    // As they stand in a file: those of some key groups behind each other, and a gap where others are not wanted.
    [TestMethod]
    [DataRow(Beside.Never)]
    [DataRow(Beside.AtOnce)]
    [DataRow(Beside.OnThreads)]
    public void Groups_that_stand_side_by_side_are_read_in_one_go(Beside beside)
    {
        const int Length = 10_000;
        byte[] file = new byte[Groups * Length];
        new Random(1).NextBytes(file);
        Bytes bytes = new(beside) { File = file };
        int[] wanted = [.. Enumerable.Range(0, Groups).Where(static i => i % 50 != 49)];
        StoredGroup[] groups =
        [
            .. wanted.Select(i => new StoredGroup(
                Piece.Of(i, 1, file.AsSpan(i * Length, Length)), bytes, i * Length)),
        ];
        using GroupFeed feed = new(groups);
        foreach (int i in wanted)
        {
            Assert.IsTrue(feed.Next().SequenceEqual(file.AsSpan(i * Length, Length)), $"group {i}");
        }

        Assert.IsFalse(feed.HasNext);
        Assert.AreEqual(4, bytes.Reads, "one for each stretch without a gap");
    }

    [TestMethod]
    public void What_is_read_is_two_runs_beside_the_one_that_is_taken_in()
    {
        byte[] file = new byte[Groups * GroupBytes];
        Bytes bytes = new(Beside.AtOnce) { File = file };
        using GroupFeed feed = new(
        [
            .. Enumerable.Range(0, Groups).Select(i => new StoredGroup(
                Piece.Of(i, 1, file.AsSpan(i * GroupBytes, GroupBytes)), bytes, i * GroupBytes)),
        ]);
        long taken = 0;
        long most = 0;
        while (feed.HasNext)
        {
            int length = feed.Next().Length;
            most = Math.Max(most, bytes.BytesRead - taken);
            taken += length;
        }

        Assert.AreEqual(taken, bytes.BytesRead);
        Assert.IsInRange(2L * KeyedSnapshotWriter.BlockBytes, 3L * KeyedSnapshotWriter.BlockBytes, most);
    }

    [TestMethod]
    public void One_that_is_canceled_reads_no_further_group()
    {
        using CancellationTokenSource stop = new();
        Bytes bytes = new(Beside.Never);
        StoredGroup[] groups = [.. Enumerable.Range(0, Groups).Select(i => GroupOf(i, bytes))];
        using GroupFeed feed = new(groups, stop.Token);
        feed.Next();
        stop.Cancel();
        int reads = bytes.Reads;
        Assert.ThrowsExactly<OperationCanceledException>(() => feed.Next());
        Assert.AreEqual(reads, bytes.Reads);
    }

    // Some are read already, others not; nobody will take them.
    [TestMethod]
    [DataRow(Beside.Never)]
    [DataRow(Beside.AtOnce)]
    [DataRow(Beside.WhenItIsTooLate)]
    [DataRow(Beside.OnThreads)]
    public void One_that_is_given_up_reads_no_more(Beside beside)
    {
        Bytes bytes = new(beside);
        StoredGroup[] groups = [.. Enumerable.Range(0, Groups).Select(i => GroupOf(i, bytes))];
        using (GroupFeed feed = new(groups))
        {
            Assert.IsTrue(feed.Next().SequenceEqual(BytesOf(0)));
            Assert.IsTrue(feed.Next().SequenceEqual(BytesOf(1)));
        }

        int reads = bytes.Reads;
        Assert.IsLessThan(Groups * 3 / 4, reads, "three times some megabytes at most");
        bytes.RunLate();
        Assert.AreEqual(reads, bytes.Reads);
    }

    [TestMethod]
    [DataRow(Beside.Never)]
    [DataRow(Beside.AtOnce)]
    [DataRow(Beside.OnThreads)]
    public void What_cannot_be_read_is_said_when_it_is_asked_for(Beside beside)
    {
        const int Broken = 150;
        Bytes bytes = new(beside) { BrokenAt = Broken };
        StoredGroup[] groups = [.. Enumerable.Range(0, Groups).Select(i => GroupOf(i, bytes))];
        using GroupFeed feed = new(groups);
        int taken = 0;
        IOException error = Assert.ThrowsExactly<IOException>(() =>
        {
            for (; taken < Groups; taken++)
            {
                feed.Next();
            }
        });

        Assert.AreEqual($"group {Broken}", error.Message);
        Assert.IsGreaterThan(50, taken);
        Assert.IsLessThanOrEqualTo(Broken, taken);
    }

    // Every tenth is in memory.
    private static StoredGroup GroupOf(int number, Bytes bytes) => number % 10 == 9
        ? new StoredGroup(number, 1, BytesOf(number))
        : new StoredGroup(Piece.Of(number, 1, BytesOf(number)), bytes, number);

    private static byte[] BytesOf(int number)
    {
        byte[] bytes = new byte[GroupBytes - number];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    private sealed class Bytes(Beside beside) : RestoredBytes
    {
        private readonly List<Action> _late = [];
        private int _reads;
        private long _bytesRead;

        public int BrokenAt { get; init; } = -1;

        /// <summary>All of it; null where what stands at an offset follows from that.</summary>
        public byte[]? File { get; init; }

        public int Reads => Volatile.Read(ref _reads);

        public long BytesRead => Interlocked.Read(ref _bytesRead);

        public override void Read(long offset, Memory<byte> into, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            Interlocked.Add(ref _bytesRead, into.Length);
            if (offset == BrokenAt)
            {
                throw new IOException($"group {offset}");
            }

            (File?.AsMemory((int)offset, into.Length) ?? BytesOf((int)offset)).CopyTo(into);
        }

        public override Task? RunBeside(Action reads)
        {
            switch (beside)
            {
                case Beside.Never:
                    return null;
                case Beside.AtOnce:
                    reads();
                    return Task.CompletedTask;
                case Beside.OnThreads:
                    return Task.Run(reads);
                default:
                    _late.Add(reads);
                    return new TaskCompletionSource().Task;
            }
        }

        public void RunLate() => _late.ForEach(static reads => reads());

        protected override void End()
        {
        }
    }
}
