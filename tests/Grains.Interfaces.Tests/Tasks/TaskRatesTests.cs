using Millrace.Jobs;

namespace Millrace.Tasks;

[TestClass]
public sealed class TaskRatesTests
{
    private const long Second = 1_000_000_000;

    [TestMethod]
    public void Rates_are_what_changed_by_the_time_that_passed_on_the_silo()
    {
        TaskMetrics before = At(records: 100, busy: Second, backpressured: 0, idle: Second);
        TaskMetrics now = At(records: 600, busy: 2 * Second, backpressured: 3 * Second, idle: Second);

        var rates = TaskRates.Between(before, now);

        Assert.AreEqual(new TaskRates(125, 250, 375, 500, 0.25, 0.75, 0), rates);
    }

    [TestMethod]
    public void Without_an_earlier_look_they_are_over_the_whole_life()
    {
        var rates = TaskRates.Between(null, At(records: 600, busy: Second, backpressured: 0, idle: 3 * Second));

        Assert.AreEqual(new TaskRates(150, 300, 450, 600, 0.25, 0, 0.75), rates);
    }

    [TestMethod]
    public void A_subtask_that_has_not_begun_has_none()
    {
        Assert.IsNull(TaskRates.Between(null, At(records: 0, busy: 0, backpressured: 0, idle: 0)));
    }

    private static TaskMetrics At(long records, long busy, long backpressured, long idle) => new(
        new ExecutionAttemptId(new JobId(new Id128(1, 2)), new VertexId(new Id128(0, 3)), 0, 0),
        ExecutionState.Running,
        RecordsIn: records,
        RecordsOut: 2 * records,
        BatchesIn: 1,
        busy,
        backpressured,
        idle)
    {
        BytesIn = 3 * records,
        BytesOut = 4 * records,
    };
}
