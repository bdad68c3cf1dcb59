using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Jobs.Executions;
using Millrace.Jobs.Storage;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Disk;
using Millrace.State.Heap;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;
using Millrace.Tasks;

namespace Millrace.Golden;

/// <summary>What every former version wrote is read as what it was. Keyed state is read by each backend
/// (KeyedStateContract).</summary>
[TestClass]
public sealed class GoldenFilesTests
{
    private const string OperatorState = "operator-state";
    private const string SubtaskState = "subtask-state";
    private const string Checkpoint = "checkpoint";
    private const string JobRecordFile = "job-record";
    private const string Submission = "job-submission";
    private const string Savepoint = "savepoint";
    private const string Committed = "checkpoint-committed";
    private const string CheckpointKind = "millrace-checkpoint";
    private const int MagicBytes = 8;

    // The version of subtask states in which nothing is in flight.
    private const int WithoutInFlight = 2;

    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));
    private static readonly JobId Job = new(new Id128(1, 2));
    private static readonly OperatorId Sink = OperatorId.Parse("00000000000000030000000000000004");
    private static readonly OperatorId Source = OperatorId.Parse("00000000000000050000000000000006");
    private static readonly VertexId Vertex = VertexId.Parse("00000000000000070000000000000008");

    // A version without a file would be read by accident only; a file of no format would be read by nobody.
    [TestMethod]
    public void The_present_version_of_each_format_has_a_file()
    {
        RequireBinary(GoldenKeyedState.Format, WriteKeyedState());
        RequireBinary(OperatorState, WriteOperatorState());
        RequireBinary(SubtaskState, SubtaskBytes.Write(
            Operators(SubtaskSnapshotFormat.Version), [InFlight(input: 0), InFlight(input: 1)], [InFlight(input: 0)]));
        RequireText(Checkpoint, JobRecordFormat.Write(CheckpointKind, Metadata()));
        RequireText(JobRecordFile, JobRecordFormat.Write(JobRecordFormat.Record, Record()));
        RequireText(Submission, JobRecordFormat.Write(JobRecordFormat.Submission, SubmissionOf()));
        RequireText(Savepoint, JobRecordFormat.Write(SavepointFolder.Kind, SavepointOf()));
        RequireText(Committed, JobRecordFormat.Write(CheckpointStore.CommittedKind, Metadata().Reference));
        GoldenFileSink.RequirePresent();

        string[] formats =
        [
            GoldenKeyedState.Format, OperatorState, SubtaskState, Checkpoint, JobRecordFile, Submission, Savepoint,
            Committed, .. GoldenFileSink.Formats,
        ];
        foreach (string name in GoldenFiles.Names)
        {
            Assert.Contains(
                format => name.StartsWith(format + "-", StringComparison.Ordinal), formats, $"{name} is of no format");
        }
    }

    [TestMethod]
    public void Operator_state() => GoldenFiles.ReadAll(OperatorState, (_, bytes) =>
    {
        OperatorStateBackend backend = new("Op", new SerializerSet());
        backend.Restore([bytes]);
        backend.Open(0, 1);
        CollectionAssert.AreEqual(
            new[] { 1, 2, -3 }, backend.GetList(new ListStateDescriptor<int>("list")).ToArray());
        CollectionAssert.AreEqual(
            new[] { "x", "ä" }, backend.GetUnion(new ListStateDescriptor<string>("union")).ToArray());
        IBroadcastState<string, (int, bool)> map = backend.GetBroadcast(
            new MapStateDescriptor<string, (int, bool)>("map"));
        Assert.HasCount(2, map.ToArray());
        Assert.IsTrue(map.TryGet("k", out (int, bool) value));
        Assert.AreEqual((7, true), value);
    });

    [TestMethod]
    public void Subtask_state() => GoldenFiles.ReadAll(SubtaskState, (version, bytes) =>
    {
        SubtaskSnapshot read = SubtaskBytes.ReadAsync(bytes).GetAwaiter().GetResult();
        IReadOnlyList<(string Id, OperatorSnapshot Snapshot)> expected = Operators(version);
        Assert.HasCount(expected.Count, read.Operators);
        foreach ((string id, OperatorSnapshot snapshot) in expected)
        {
            OperatorSnapshot found = read.Operators[id];
            CheckKeyed(version, snapshot.Keyed, found.Keyed);
            CollectionAssert.AreEqual(snapshot.Unkeyed.ToArray(), found.Unkeyed.ToArray());
            Assert.AreEqual(snapshot.Watermark, found.Watermark);
            CollectionAssert.AreEqual(
                snapshot.Items.Read<string>(new SerializerSet()).ToArray(),
                found.Items.Read<string>(new SerializerSet()).ToArray());
        }

        if (version > WithoutInFlight)
        {
            CheckInFlight(read);
        }
    });

    [TestMethod]
    public void Checkpoint_metadata() => GoldenFiles.ReadAll(Checkpoint, (version, bytes) =>
    {
        CheckpointMetadata read = JobRecordFormat.Read<CheckpointMetadata>(CheckpointKind, "golden", bytes);
        Assert.AreEqual(Text(CheckpointKind, Metadata()), Text(CheckpointKind, read), $"version {version}");
    });

    [TestMethod]
    public void Job_record() => GoldenFiles.ReadAll(JobRecordFile, (version, bytes) =>
    {
        JobRecord read = JobRecordFormat.Read<JobRecord>(JobRecordFormat.Record, "golden", bytes);
        Assert.AreEqual(
            Text(JobRecordFormat.Record, Record()), Text(JobRecordFormat.Record, read), $"version {version}");
    });

    [TestMethod]
    public void Job_submission() => GoldenFiles.ReadAll(Submission, (version, bytes) =>
    {
        JobSubmission read = JobRecordFormat.Read<JobSubmission>(JobRecordFormat.Submission, "golden", bytes);
        Assert.AreEqual(
            Text(JobRecordFormat.Submission, SubmissionOf()),
            Text(JobRecordFormat.Submission, read),
            $"version {version}");
    });

    // It has moved since: names of files count from wherever it is.
    [TestMethod]
    public void Savepoint_metadata() => GoldenFiles.ReadAll(Savepoint, (version, bytes) =>
    {
        SavepointMetadata read = SavepointFolder.ReadAsync(
            "/elsewhere", file => Task.FromResult<byte[]?>(file == "file:///elsewhere/_metadata" ? bytes : null))
            .GetAwaiter().GetResult();
        SavepointMetadata expected = SavepointOf() with
        {
            Snapshot = SavepointOf().Snapshot.WithFiles(static name => $"file:///elsewhere/{name}"),
        };
        Assert.AreEqual(Text(SavepointFolder.Kind, expected), Text(SavepointFolder.Kind, read), $"version {version}");
    });

    [TestMethod]
    public void A_checkpoint_whose_commit_is_noted_commits_nothing_again() =>
        GoldenFiles.ReadAll(Committed, (version, bytes) =>
        {
            CheckpointMetadata read = CheckpointStore.WithoutCommittedAsync(
                Metadata(), () => Task.FromResult<byte[]?>(bytes)).GetAwaiter().GetResult();
            CheckpointMetadata other = CheckpointStore.WithoutCommittedAsync(
                Metadata() with { Number = 13 }, () => Task.FromResult<byte[]?>(bytes)).GetAwaiter().GetResult();
            Assert.IsEmpty(read.Committables, $"version {version}");
            Assert.HasCount(1, other.Committables.ToArray(), "it is of another checkpoint");
        });

    private static void RequireBinary(string format, byte[] bytes) => GoldenFiles.RequirePresent(
        format, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(MagicBytes)), "bin", bytes);

    private static void RequireText(string format, byte[] bytes)
    {
        string head = Encoding.ASCII.GetString(bytes.AsSpan(0, bytes.AsSpan().IndexOf((byte)'\n')));
        GoldenFiles.RequirePresent(
            format, int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), "json", bytes);
    }

    private static string Text<T>(string kind, T content) =>
        Encoding.UTF8.GetString(JobRecordFormat.Write(kind, content));

    // Lists and maps in parts of one element each, as only large ones are written.
    private static byte[] WriteKeyedState()
    {
        using DiskSpace disk = new();
        using DiskStateBackend<string> backend = new(Backend().Settings with { PartBytes = 1 }, disk.Space);
        return GoldenKeyedState.Write(backend);
    }

    private static byte[] WriteOperatorState()
    {
        OperatorStateBackend backend = new("Op", new SerializerSet());
        backend.Restore([]);
        backend.Open(0, 1);
        backend.GetList(new ListStateDescriptor<int>("list")).AddAll([1, 2, -3]);
        backend.GetUnion(new ListStateDescriptor<string>("union")).AddAll(["x", "ä"]);
        IBroadcastState<string, (int, bool)> map = backend.GetBroadcast(
            new MapStateDescriptor<string, (int, bool)>("map"));
        map.Put("k", (7, true));
        map.Put("l", (8, false));
        return backend.Snapshot().ToArray();
    }

    private static InFlightSection InFlight(int input) => new(
        "00000000000000010000000000000002",
        input,
        [7, 8],
        [new InFlightPart("", 0, 1, [[1], [2, 3]]), new InFlightPart($"{Source}/late", 2, 5, [[4]])]);

    private static void CheckInFlight(SubtaskSnapshot read)
    {
        CollectionAssert.AreEqual(new[] { 0, 1 }, read.Incoming.Select(static section => section.Input).ToArray());
        InFlightSection sent = read.Outgoing.Single();
        Assert.AreEqual("00000000000000010000000000000002", sent.Operator);
        CollectionAssert.AreEqual(new byte[] { 7, 8 }, sent.Shape);
        CollectionAssert.AreEqual(
            new[] { ("", 0, 1), ($"{Source}/late", 2, 5) },
            sent.Parts.Select(static part => (part.Edge, part.Subtask, part.Subtasks)).ToArray());
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, sent.Parts[0].Blocks.SelectMany(static b => b).ToArray());
        CollectionAssert.AreEqual(new byte[] { 4 }, sent.Parts[1].Blocks.Single());
    }

    // Version 1 does not look into keyed state, and its file holds no more than some bytes of it.
    private static void CheckKeyed(int version, KeyedSnapshot expected, KeyedSnapshot found)
    {
        Assert.AreEqual(expected.IsEmpty, found.IsEmpty);
        if (version == SubtaskSnapshotFormat.Sequential)
        {
            CollectionAssert.AreEqual(expected.Bytes.ToArray(), found.Bytes.ToArray());
        }
        else if (!expected.IsEmpty)
        {
            HeapStateBackend<string> backend = Backend();
            backend.Restore([found]);
            IValueState<long> total = backend.Keyed.Get(new ValueStateDescriptor<long>("total"));
            string key = "k";
            backend.SetKey(in key, backend.Hasher.Hash(in key));
            Assert.AreEqual(42, total.Value);
        }
    }

    private static byte[] Keyed(int version)
    {
        if (version == SubtaskSnapshotFormat.Sequential)
        {
            return [1, 2, 3];
        }

        HeapStateBackend<string> backend = Backend();
        IValueState<long> total = backend.Keyed.Get(new ValueStateDescriptor<long>("total"));
        string key = "k";
        backend.SetKey(in key, backend.Hasher.Hash(in key));
        total.Update(42);
        backend.ClearKey();
        return backend.Snapshot();
    }

    private static HeapStateBackend<string> Backend() => new(
        new KeyedStateSettings("Op", new SerializerSet(), 16, new KeyGroupRange(0, 16), TimeProvider.System));

    private static IReadOnlyList<(string Id, OperatorSnapshot Snapshot)> Operators(int version) =>
    [
        ("00000000000000010000000000000001", OperatorSnapshot.Empty),
        ("00000000000000010000000000000002", new OperatorSnapshot(Keyed(version))
        {
            Unkeyed = new byte[] { 4 },
            Watermark = 1_700_000_000_000,
        }),
        ("00000000000000010000000000000003", OperatorSnapshot.Empty with
        {
            Items = OperatorItems.Of(["split 1", "", "ä"], new SerializerSet().Get<string>()),
        }),
    ];

    private static TaskResult Left() => new(
        [new AccumulatorValue("n", AccumulatorKind.LongSum, 7)],
        [new OperatorCommittables(Sink, [[1], [2, 3]])],
        [new ReturnedBytes("out", 0, [9])]);

    private static CheckpointMetadata Metadata() => new(
        Job,
        "golden",
        Number: 12,
        new JobEpoch(3),
        Then,
        [
            new RestoredVertex(
                Vertex,
                [
                    new SubtaskState(new StateHandle("chk-12-3/a-0-1.state", null, 123_456, 0xDEADBEEF), null),
                    new SubtaskState(new StateHandle(null, [1, 2, 3], 3, 7), Left()),
                    new SubtaskState(null, Left()),
                ]),
        ],
        [new SourceState(Source, [5, 6], [[7], []])],
        [new OperatorCommittables(Sink, [[8]])]);

    private static SavepointMetadata SavepointOf() => new(
        new SavepointId(new Id128(9, 10)),
        SavepointKind.Suspend,
        Metadata().WithoutCommittables().WithFiles(static _ => "a-0-1.state") with
        {
            Operators =
            [
                new SnapshotOperator(Vertex, Sink, "Sink: Files", "Sink", "files", 3, 128, 0, 12),
                new SnapshotOperator(Vertex, Source, "Source", "Source", null, 3, 128, 1_000, 2),
            ],
        });

    private static JobRecord Record()
    {
        FailureInfo failure = new(
            "System.FormatException", "bad", "   at A.B()", Recovery.Restart,
            new FailurePlace("v", "o", 0, 2, "f:1", "s"));
        return new JobRecord(
            Job,
            Version: 9,
            new JobEpoch(3),
            "silo-1 (127.0.0.1:1@2)",
            "golden",
            JobStatus.Failed,
            Then,
            Then.AddMinutes(1),
            Attempt: 4,
            Restarts: 2,
            failure,
            new JobOutcome(Left().Accumulators, Left().Committables, Left().Returned),
            new JobDetails(
                Job, "golden", JobStatus.Failed, 12, new JobEpoch(3),
                [new StatusTime(JobStatus.Initializing, Then), new StatusTime(JobStatus.Failed, Then.AddSeconds(2))],
                [],
                failure,
                [new FailureTime(failure, Then, new ExecutionAttemptId(Job, Vertex, 1, 4))],
                Left().Accumulators,
                1),
            [new RetainedCheckpoint(12, new JobEpoch(3), Then, TimeSpan.FromMilliseconds(250), 4_096, Commits: true)]);
    }

    private static JobSubmission SubmissionOf()
    {
        JobGraph graph = Plans.TwoStages(2, 1) with
        {
            Elements = ImmutableDictionary<OperatorId, byte[]>.Empty.Add(Source, [1, 2, 3]),
            Shape = ["one", "zwei ä"],
            Warnings = ["careful"],
        };
        return Plans.Submission(graph, RestartSettings.FixedDelay(3, TimeSpan.FromSeconds(2))) with
        {
            Arguments = ["--input", "x y"],
        };
    }
}
