using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs;

[TestClass]
public sealed class SubtaskExecutionTests
{
    private const long Second = 1_000_000_000;

    private readonly SubtaskExecution _execution =
        new(vertex: 0, new ExecutionAttemptId(new JobId(new Id128(1, 2)), new VertexId(new Id128(0, 3)), 0, 0));

    [TestMethod]
    public void Rates_are_of_the_last_look_while_it_runs_and_of_its_life_when_it_has_ended()
    {
        _execution.Observe(At(seconds: 1, records: 100));
        Assert.AreEqual(100, _execution.Rates!.RecordsIn);

        _execution.Observe(At(seconds: 3, records: 900));
        Assert.AreEqual(400, _execution.Rates.RecordsIn);

        _execution.Ended(At(seconds: 5, records: 1_000));
        Assert.AreEqual(200, _execution.Rates.RecordsIn);
        Assert.AreEqual(1_000, _execution.Metrics!.RecordsIn);
    }

    // Two answers that were on the way together.
    [TestMethod]
    public void A_look_that_took_no_time_leaves_the_rates()
    {
        _execution.Observe(At(seconds: 1, records: 100));
        _execution.Observe(At(seconds: 1, records: 100));

        Assert.AreEqual(100, _execution.Rates!.RecordsIn);
    }

    private TaskMetrics At(int seconds, long records) =>
        new(_execution.Id, ExecutionState.Running, records, 0, 0, seconds * Second, 0, 0);
}
