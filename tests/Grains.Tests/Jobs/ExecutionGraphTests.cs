using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Millrace.Jobs.Master;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs;

[TestClass]
public sealed class ExecutionGraphTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [TestMethod]
    public void Only_current_attempts_are_found()
    {
        var graph = new ExecutionGraph(Plans.Job, Plans.TwoStages(2, 1), attempt: 3);
        ExecutionAttemptId id = new(Plans.Job, Plans.VertexOf("source"), 1, 3);

        Assert.AreEqual(id, graph.Find(id)?.Id);
        Assert.IsNull(graph.Find(id with { Attempt = 2 }));
        Assert.IsNull(graph.Find(id with { Attempt = 4 }));
        Assert.IsNull(graph.Find(id with { Subtask = 2 }));
        Assert.IsNull(graph.Find(id with { Subtask = -1 }));
        Assert.IsNull(graph.Find(id with { Vertex = Plans.VertexOf("other") }));
        Assert.IsNull(graph.Find(id with { Job = new JobId(new Id128(1, 1)) }));
    }

    [TestMethod]
    public void Counts_follow_every_change_and_refused_changes_change_nothing()
    {
        var graph = new ExecutionGraph(Plans.Job, Plans.TwoStages(1, 1), attempt: 0);
        SubtaskExecution first = graph.Of(0)[0];

        Assert.IsFalse(graph.TryMove(first, ExecutionState.Running, Now));
        Assert.AreEqual("Created 2", Text(graph));
        Assert.IsTrue(graph.TryMove(first, ExecutionState.Failed, Now));
        Assert.AreEqual("Created 1, Failed 1", Text(graph));
        Assert.IsFalse(graph.AllEnded);
        Assert.IsTrue(graph.TryMove(graph.Of(1)[0], ExecutionState.Canceled, Now));
        Assert.IsTrue(graph.AllEnded);
        Assert.IsFalse(graph.AllFinished);

        graph.NextAttempts();
        Assert.AreEqual("Created 2", Text(graph));
        Assert.AreEqual(1, graph.Attempt);
    }

    [TestMethod]
    public void Attempts_are_not_replaced_before_all_have_ended()
    {
        var graph = new ExecutionGraph(Plans.Job, Plans.TwoStages(1, 1), attempt: 0);
        Assert.ThrowsExactly<InvalidOperationException>(graph.NextAttempts);
    }

    // A million pairs of subtasks are connected; nothing of that may be held or gone through.
    [TestMethod]
    public void A_thousand_by_a_thousand_all_to_all_job_runs_without_anything_for_each_pair()
    {
        JobGraph plan = Plans.TwoStages(1_000, 1_000);
        JobSubmission submission = Plans.Submission(plan);
        ImmutableArray<GrantedSlot> slots =
        [
            .. Enumerable.Range(0, 1_000).Select(i => new GrantedSlot(
                new SiloEndpoint($"silo{i % 50}", $"10.0.0.{i % 50}:1"), $"silo{i % 50}", i / 50)),
        ];
        var time = new FakeTimeProvider();

        long before = GC.GetAllocatedBytesForCurrentThread();
        var master = new JobMaster(
            submission, new JobStart(new JobEpoch(1), Now), new JobOptions(), TimeSpan.FromMinutes(1), time);
        master.Step(new JobEvent.Begun());
        master.Step(new JobEvent.Prepared(0, HasCommitters: false));
        IReadOnlyList<JobEffect> deployments = master.Step(new JobEvent.SlotsGranted(0, slots));
        foreach (JobEffect.Deploy deployment in deployments.Cast<JobEffect.Deploy>())
        {
            master.Step(new JobEvent.Deployed(deployment));
        }

        foreach (ExecutionState state in new[] { ExecutionState.Running, ExecutionState.Finished })
        {
            for (int vertex = 0; vertex < 2; vertex++)
            {
                for (int subtask = 0; subtask < 1_000; subtask++)
                {
                    ExecutionAttemptId id = new(Plans.Job, plan.Vertices[vertex].Id, subtask, 0);
                    master.Step(new JobEvent.Reported(new TaskReport(id, state, null, null)));
                }
            }
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.AreEqual(50, deployments.Count);
        Assert.AreEqual(2_000, master.Details().Vertices.Sum(vertex =>
            vertex.Subtasks.Count(subtask => subtask.State == ExecutionState.Finished)));
        Assert.IsLessThan(4 << 20, allocated, $"{allocated} bytes allocated");
    }

    private static string Text(ExecutionGraph graph) =>
        string.Join(", ", graph.Counts.Select(count => $"{count.State} {count.Count}"));
}
