using Microsoft.Extensions.Time.Testing;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Runs;

[TestClass]
public sealed class VertexRatesTests
{
    private static readonly VertexId Vertex = new(new Id128(1, 2));

    private readonly FakeTimeProvider _time = new();
    private readonly VertexRates _rates;

    public VertexRatesTests() => _rates = new VertexRates(_time);

    [TestMethod]
    public void The_rate_is_that_of_all_subtasks_between_two_changes_of_the_counters()
    {
        Look(100, 0);
        _time.Advance(TimeSpan.FromSeconds(2));

        VertexRate rate = Look(500, 600);

        Assert.AreEqual(1_100, rate.RecordsIn);
        Assert.AreEqual(500, rate.InPerSecond);
        Assert.AreEqual(2, rate.Running);
    }

    // Counters come once a second; who looks twice a second would see nothing, and then twice the rate.
    [TestMethod]
    public void Looking_more_often_than_counters_come_does_not_make_the_rate_jump()
    {
        Look(0, 0);
        for (int second = 1; second < 5; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            double before = Look((second - 1) * 1_000, 0).InPerSecond;
            _time.Advance(TimeSpan.FromSeconds(0.5));
            double after = Look(second * 1_000, 0).InPerSecond;

            Assert.AreEqual(second == 1 ? 0 : 1_000, before);
            Assert.AreEqual(1_000, after);
        }
    }

    [TestMethod]
    public void Counters_that_stand_still_have_no_rate_in_the_end()
    {
        Look(0, 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        Look(1_000, 0);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.AreEqual(0, Look(1_000, 0).InPerSecond);
    }

    [TestMethod]
    public void A_restarted_subtask_does_not_make_the_rate_negative()
    {
        Look(5_000, 0);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.AreEqual(0, Look(10, 0).InPerSecond);
    }

    private VertexRate Look(params long[] recordsIn) => _rates.Take(new JobDetails(
        new JobId(new Id128(3, 4)),
        "job",
        JobStatus.Running,
        Version: 1,
        new JobEpoch(1),
        History: [],
        Vertices: [new VertexDetails(Vertex, "vertex", 128, "default", [.. recordsIn.Select(Subtask)])],
        Failure: null,
        Failures: [],
        Accumulators: [],
        Restarts: 0)).Single();

    private static SubtaskDetails Subtask(long recordsIn, int index) => new(
        Attempt: 0,
        ExecutionState.Running,
        Silo: null,
        SiloName: null,
        Slot: index,
        StartedAt: null,
        EndedAt: null,
        new TaskMetrics(
            new ExecutionAttemptId(new JobId(new Id128(3, 4)), Vertex, index, 0),
            ExecutionState.Running,
            RecordsIn: recordsIn,
            RecordsOut: 0,
            BatchesIn: 0,
            BusyNanoseconds: 0,
            BackpressuredNanoseconds: 0,
            IdleNanoseconds: 0));
}
