namespace Millrace.Connectors;

[TestClass]
public sealed class OffLoopWorkTests
{
    [TestMethod]
    public async Task To_stop_waits_for_work_that_runs()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim mayEnd = new();
        Task? running = null;
        OffLoopWork work = new(
            round => running = Task.Run(async () => await round(CancellationToken.None)),
            _ =>
            {
                started.SetResult();
                mayEnd.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            });
        work.Start();
        await started.Task;
        Assert.IsTrue(work.IsBusy);

        Task stopped = work.StopAsync();

        Assert.IsFalse(stopped.IsCompleted);
        mayEnd.Set();
        await stopped.WaitAsync(TimeSpan.FromSeconds(30));
        await running!;
        Assert.IsFalse(work.IsBusy);
    }

    [TestMethod]
    public async Task Work_that_was_handed_over_never_begins_after_a_stop()
    {
        Func<CancellationToken, ValueTask>? handed = null;
        int rounds = 0;
        OffLoopWork work = new(round => handed = round, _ => rounds++);
        work.Start();
        Task waiting = work.WhenIdleAsync(CancellationToken.None);
        Assert.IsTrue(work.StopAsync().IsCompleted);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        await handed!(CancellationToken.None);
        Assert.AreEqual(0, rounds);
    }

    [TestMethod]
    public async Task A_failure_is_thrown_to_whoever_asks()
    {
        Func<CancellationToken, ValueTask>? handed = null;
        OffLoopWork work = new(round => handed = round, _ => throw new IOException("disk"));
        work.Start();
        Task waiting = work.WhenIdleAsync(CancellationToken.None);
        await Assert.ThrowsExactlyAsync<IOException>(async () => await handed!(CancellationToken.None));
        await Assert.ThrowsExactlyAsync<IOException>(() => waiting);
        Assert.ThrowsExactly<IOException>(() => work.IsBusy);
        Assert.ThrowsExactly<IOException>(work.Start);
        await work.StopAsync();
    }

    [TestMethod]
    public void Work_is_handed_over_once_at_a_time()
    {
        OffLoopWork work = new(_ => { }, _ => { });
        work.Start();
        Assert.ThrowsExactly<InvalidOperationException>(work.Start);
    }

    [TestMethod]
    public async Task To_wait_ends_when_the_wait_is_canceled()
    {
        OffLoopWork work = new(_ => { }, _ => { });
        work.Start();
        await Assert.ThrowsAsync<OperationCanceledException>(() => work.WhenIdleAsync(new CancellationToken(true)));
    }
}
