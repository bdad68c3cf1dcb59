using Microsoft.Extensions.Time.Testing;
using Millrace.Execution;

namespace Millrace.Jobs.Master;

[TestClass]
public sealed class JobTimersTests
{
    private static readonly JobTimer Timer = new(JobTimerKind.CheckpointTimeout, 7);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [TestMethod]
    public async Task A_timer_that_is_canceled_is_not_waited_for()
    {
        FakeTimeProvider time = new();
        using SystemExecution execution = new(new WorkerOptions { Threads = 1 }, null!, time);
        JobTimers timers = new(execution, CancellationToken.None);
        Task<bool> waiting = timers.WaitAsync(Timer, Hour);
        Assert.AreEqual(1, timers.Count);

        timers.Cancel(Timer);

        Assert.IsFalse(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.AreEqual(0, timers.Count);
    }

    [TestMethod]
    public async Task A_timer_whose_time_has_come_is_told_and_forgotten()
    {
        FakeTimeProvider time = new();
        using SystemExecution execution = new(new WorkerOptions { Threads = 1 }, null!, time);
        JobTimers timers = new(execution, CancellationToken.None);
        Task<bool> waiting = timers.WaitAsync(Timer, Hour);

        time.Advance(Hour);

        Assert.IsTrue(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.AreEqual(0, timers.Count);
        timers.Cancel(Timer);
    }
}
