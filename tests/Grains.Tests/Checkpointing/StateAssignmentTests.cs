using Millrace.Checkpointing.Savepoints;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing;

/// <summary>What a program may go on from, told from its plan and from what a checkpoint says of itself.</summary>
[TestClass]
public sealed class StateAssignmentTests
{
    private static readonly SubtaskState AtWork = new(new StateHandle(null, [], 0, 0), Finished: null);

    [TestMethod]
    public void The_program_that_took_it_goes_on()
    {
        JobGraph plan = Plan();
        CheckpointMetadata begin = Assign(Snapshot(plan, inFlight: [("rows", "counts", 3)]), plan);
        Assert.AreEqual(0, begin.Number);
        Assert.HasCount(plan.Vertices.Length, begin.Vertices.ToArray());
    }

    [TestMethod]
    public void Records_in_flight_are_told_by_number_bytes_and_both_ends()
    {
        CheckpointMetadata snapshot = Snapshot(Plan(), inFlight: [("rows", "counts", 3), ("rows", "", 2)]);
        JobGraph shuffled = Plan(numbers => numbers.Shuffle());

        IncompatibleSavepointException refused =
            Assert.ThrowsExactly<IncompatibleSavepointException>(() => Assign(snapshot, shuffled));

        Assert.Contains(
            "5 records (50 bytes) were in flight from 'Counts' (uid counts) to 'Rows' (uid rows)", refused.Message);
        Assert.Contains("partitioned Rebalance", refused.Message);
        Assert.Contains("Shuffle", refused.Message);
    }

    // Of an older release: not the same as one that tells that there were none.
    [TestMethod]
    public void A_checkpoint_that_does_not_tell_what_was_in_flight_is_said_not_to()
    {
        CheckpointMetadata told = Snapshot(Plan(), inFlight: []);
        CheckpointMetadata untold = told with { InFlight = null };

        Assert.IsEmpty(NotTold(default, told));
        Assert.Contains("Records in flight: Not told: an older release", NotTold(default, untold).Single());
        Assert.IsEmpty(NotTold(new SavepointId(new Id128(1, 1)), untold), "savepoints hold none");
    }

    private static IReadOnlyList<string> NotTold(SavepointId id, CheckpointMetadata snapshot) => new StateAssignment(
        new SavepointMetadata(id, SavepointKind.Continue, snapshot), new RestoreSettings("/a/checkpoint")).NotTold;

    // A program without in-flight records on it may change the edge.
    [TestMethod]
    public void An_edge_that_nothing_was_in_flight_on_may_change()
    {
        CheckpointMetadata snapshot = Snapshot(Plan(), inFlight: [("counts", "numbers", 3)]);
        Assert.AreEqual(0, Assign(snapshot, Plan(numbers => numbers.Shuffle())).Number);
    }

    // Of a finished subtask of a sink: the checkpoint itself commits nothing of it yet.
    [TestMethod]
    public void What_a_finished_sink_has_to_commit_is_not_dropped_without_a_word()
    {
        JobGraph plan = Plan();
        CheckpointMetadata snapshot = Snapshot(plan, inFlight: []);
        OperatorId rows = IdOf(plan, "rows");
        VertexId vertex = plan.Vertices.Single(one => one.Operators.Any(step => step.Id == rows)).Id;
        snapshot = snapshot with
        {
            Vertices =
            [
                .. snapshot.Vertices.Select(one => one.Vertex == vertex
                    ? one with { Subtasks = [Finished([new OperatorCommittables(rows, [[1, 2, 3, 4]])]), AtWork] }
                    : one),
            ],
        };

        IncompatibleSavepointException refused = Assert.ThrowsExactly<IncompatibleSavepointException>(
            () => Assign(snapshot, Plan(rowsUid: "rows anew")));
        Assert.Contains("'Rows' (uid rows), which keeps 4 bytes", refused.Message);
    }

    [TestMethod]
    public void An_operator_that_had_finished_gets_no_further_input()
    {
        JobGraph plan = Plan();
        CheckpointMetadata snapshot = Snapshot(plan, inFlight: []);
        snapshot = snapshot with
        {
            Vertices = [.. snapshot.Vertices.Select(one => one with { Subtasks = [Finished([]), Finished([])] })],
        };
        Assign(snapshot, plan);

        IncompatibleSavepointException refused = Assert.ThrowsExactly<IncompatibleSavepointException>(
            () => Assign(snapshot, Plan(hasMore: true)));
        Assert.Contains("(uid counts) had finished", refused.Message);
        Assert.Contains("(uid more)", refused.Message);
    }

    private static SubtaskState Finished(OperatorCommittables[] committables) =>
        new(State: null, TaskResult.Nothing with { Committables = [.. committables] });

    private static CheckpointMetadata Assign(CheckpointMetadata snapshot, JobGraph plan) => new StateAssignment(
        new SavepointMetadata(default, SavepointKind.Continue, snapshot),
        new RestoreSettings("/a/checkpoint")).To(plan);

    private static CheckpointMetadata Snapshot(
        JobGraph plan, (string To, string From, long Records)[] inFlight) => new(
        default,
        "job",
        7,
        new JobEpoch(1),
        DateTimeOffset.UnixEpoch,
        [.. plan.Vertices.Select(static vertex => new RestoredVertex(vertex.Id, [AtWork, AtWork]))],
        [],
        [])
    {
        Operators =
        [
            .. plan.Vertices.SelectMany(static vertex => vertex.Operators.Select(one => new SnapshotOperator(
                vertex.Id, one.Id, one.Name, one.Kind, one.Uid, vertex.Parallelism, vertex.MaxParallelism, 0, 0)
            {
                Inputs = one.Inputs,
            })),
        ],
        InFlight =
        [
            .. inFlight.Select(one => new InFlightSize(
                IdOf(plan, one.To),
                0,
                one.From.Length == 0 ? "" : $"{IdOf(plan, one.From)}",
                one.Records,
                10 * one.Records)),
        ],
    };

    private static OperatorId IdOf(JobGraph plan, string uid) =>
        plan.Vertices.SelectMany(static vertex => vertex.Operators).Single(one => one.Uid == uid).Id;

    private static JobGraph Plan(
        Func<DataStream<string>, DataStream<string>>? dealt = null, string rowsUid = "rows", bool hasMore = false)
    {
        StreamExecutionEnvironment env = new();
        env.SetRuntimeMode(RuntimeMode.Streaming);
        DataStream<long> numbers = env.FromSequence(0, 9).WithUid("numbers").Name("Numbers");
        if (hasMore)
        {
            numbers = numbers.Union(env.FromSequence(0, 9).WithUid("more").Name("More"));
        }

        DataStream<string> counts = numbers.Map(static x => $"{x}").WithUid("counts").Name("Counts").DisableChaining();
        (dealt is null ? counts.Rebalance() : dealt(counts))
            .Map(static x => x).WithUid(rowsUid).Name("Rows")
            .CollectTo("out");
        return JobCompiler.Compile(env, "job", 2);
    }
}
