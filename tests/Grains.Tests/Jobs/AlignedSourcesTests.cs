using Millrace.Jobs.Coordination;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>Whom the sources of a group wait for.</summary>
[TestClass]
public sealed class AlignedSourcesTests
{
    private static readonly JobId Job = JobId.Parse(new string('1', 32));
    private static readonly VertexId Left = new(new Id128(1, 1));
    private static readonly VertexId Right = new(new Id128(2, 2));

    private readonly AlignedSources _sources = new();

    [TestMethod]
    public void The_slowest_of_a_group_counts_and_other_groups_do_not()
    {
        Assert.AreEqual(50, Tell(Left, 0, 50));
        Assert.AreEqual(20, Tell(Right, 0, 20));
        Assert.AreEqual(20, Tell(Left, 0, 60));
        Assert.AreEqual(60, Tell(Right, 0, 90));
        Assert.AreEqual(5, Tell(Left, 1, 5, group: "others"));
        Assert.AreEqual(60, Tell(Right, 0, 90));
    }

    [TestMethod]
    public void Nobody_waits_for_a_subtask_that_has_ended_whatever_it_still_tells()
    {
        Tell(Left, 0, 10);
        Assert.AreEqual(10, Tell(Right, 0, 30));

        _sources.End(Attempt(Left, 0, 0));

        Assert.AreEqual(30, Tell(Right, 0, 30));
        Assert.AreEqual(30, Tell(Left, 0, 11), "sent before its end, and late");
        Assert.AreEqual(40, Tell(Right, 0, 40));
    }

    [TestMethod]
    public void Only_the_latest_attempt_of_a_subtask_counts()
    {
        Tell(Right, 0, 100);
        Tell(Left, 0, 50, attempt: 0);
        Assert.AreEqual(30, Tell(Left, 0, 30, attempt: 1), "it was restored to where it was earlier");
        Assert.AreEqual(30, Tell(Left, 0, 60, attempt: 0));

        _sources.End(Attempt(Left, 0, 0));

        Assert.AreEqual(30, Tell(Right, 0, 100), "the end of an attempt before changes nothing");
    }

    private long Tell(VertexId vertex, int subtask, long watermark, int attempt = 0, string group = "group") =>
        _sources.Align(new AlignmentReport(
            JobEpoch.None, Attempt(vertex, subtask, attempt), new OperatorId(vertex.Value), group, watermark));

    private static ExecutionAttemptId Attempt(VertexId vertex, int subtask, int attempt) =>
        new(Job, vertex, subtask, attempt);
}
