using System.Globalization;
using System.Text;
using Millrace.Connectors.Files;

namespace Millrace.Connectors;

/// <summary>The file sink through the test kit for two-phase commits, and the kit through sinks that are
/// wrong.</summary>
[TestClass]
public sealed class TwoPhaseCommitTests
{
    private static readonly int[] Records = [.. Enumerable.Range(0, 41)];

    public static IEnumerable<object[]> Crashes =>
        Enum.GetValues<CommitCrash>().Select(crash => new object[] { crash });

    [TestMethod]
    [DynamicData(nameof(Crashes))]
    public async Task Files_hold_each_record_once_wherever_a_process_dies(CommitCrash crash)
    {
        using TemporaryDirectory directory = new();
        TwoPhaseCommitVerifier<int> verifier = new(
            () => FileSink.Text(directory.FullPath).For<int>(), () => RowsIn(directory.FullPath));

        await verifier.RunAsync(crash, Records);

        Assert.IsEmpty(Directory.GetFiles(directory.FullPath, ".*"), "hidden files are left");
    }

    [TestMethod]
    [DynamicData(nameof(Crashes))]
    public async Task Files_in_buckets_hold_each_record_once_wherever_a_process_dies(CommitCrash crash)
    {
        using TemporaryDirectory directory = new();
        TwoPhaseCommitVerifier<int> verifier = new(
            () => FileSink.Text(directory.FullPath).For<int>(
                record => (record % 3).ToString(CultureInfo.InvariantCulture)),
            () => RowsIn(directory.FullPath));

        await verifier.RunAsync(crash, Records);

        Assert.IsEmpty(Directory.GetFiles(directory.FullPath, ".*"), "hidden files are left");
    }

    [TestMethod]
    [DataRow(CommitCrash.AfterCommit)]
    [DataRow(CommitCrash.WithinCommit)]
    [DataRow(CommitCrash.StaleCommitter)]
    public async Task A_sink_whose_commits_cannot_be_repeated_is_found_out(CommitCrash crash) =>
        await RequireFoundOutAsync(new TableSink { ForgetsCommits = true }, crash);

    [TestMethod]
    [DataRow(CommitCrash.None)]
    [DataRow(CommitCrash.AfterPreCommit)]
    public async Task A_sink_that_commits_too_early_is_found_out(CommitCrash crash) =>
        await RequireFoundOutAsync(new TableSink { CommitsAtOnce = true }, crash);

    [TestMethod]
    [DynamicData(nameof(Crashes))]
    public async Task A_sink_that_does_it_right_passes(CommitCrash crash)
    {
        TableSink sink = new();
        await new TwoPhaseCommitVerifier<int>(() => sink, () => sink.Rows).RunAsync(crash, Records);
        CollectionAssert.AreEquivalent(Records, sink.Rows);
    }

    private static async Task RequireFoundOutAsync(TableSink sink, CommitCrash crash)
    {
        TwoPhaseCommitVerifier<int> verifier = new(() => sink, () => sink.Rows);

        InvalidOperationException error =
            await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => verifier.RunAsync(crash, Records));
        StringAssert.Contains(error.Message, $"Crash {crash}");
        StringAssert.Contains(error.Message, "too often");
    }

    private static IEnumerable<int> RowsIn(string directory) =>
        Directory.EnumerateFiles(directory, "part-*", SearchOption.AllDirectories)
            .SelectMany(File.ReadAllLines)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture));

    /// <summary>A table that rows are committed to in named transactions.</summary>
    private sealed class TableSink : Sink<int>, ISinkCommitter
    {
        private readonly HashSet<string> _transactions = [];
        private int _names;

        public List<int> Rows { get; } = [];

        public bool ForgetsCommits { get; init; }

        public bool CommitsAtOnce { get; init; }

        public override ISinkWriter<int> CreateWriter(SinkWriterContext context) => new Writer(this);

        public override ISinkCommitter CreateCommitter(SinkCommitterContext context) => this;

        public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask AbortAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CommitAsync(IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
        {
            foreach (CommitRequest request in requests)
            {
                string[] lines = Encoding.ASCII.GetString(request.Committable).Split(' ');
                if (!CommitsAtOnce && (_transactions.Add(lines[0]) || ForgetsCommits))
                {
                    Rows.AddRange(lines.Skip(1).Select(row => int.Parse(row, CultureInfo.InvariantCulture)));
                }
            }

            return ValueTask.CompletedTask;
        }

        private sealed class Writer(TableSink table) : ISinkWriter<int>
        {
            private readonly List<int> _open = [];

            public int Write(ReadOnlySpan<int> records)
            {
                _open.AddRange(records);
                return records.Length;
            }

            public ValueTask<SinkWriterSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
                new(new SinkWriterSnapshot([], Close()));

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) => new(Close());

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;

            private byte[][] Close()
            {
                string[] lines = [$"t{table._names++}", .. _open.Select(row => $"{row}")];
                if (table.CommitsAtOnce)
                {
                    table.Rows.AddRange(_open);
                }

                _open.Clear();
                return [Encoding.ASCII.GetBytes(string.Join(' ', lines))];
            }
        }
    }
}
