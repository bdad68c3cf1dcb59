using Millrace.Execution;

namespace Millrace.Tasks.Checkpointing;

[TestClass]
public sealed class ReadThreadsTests
{
    [TestMethod]
    public async Task Beyond_so_many_nothing_is_run_until_one_has_ended()
    {
        using SystemExecution execution = new(
            new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);
        using ManualResetEventSlim go = new();
        ReadThreads threads = new(execution);
        Task[] running =
        [
            .. Enumerable.Range(0, ReadThreads.Most).Select(_ => threads.TryRun(go.Wait)).OfType<Task>(),
        ];
        Task? oneMore = threads.TryRun(static () => { });
        go.Set();
        await Task.WhenAll(running);

        Assert.HasCount(ReadThreads.Most, running);
        Assert.IsNull(oneMore);
        Task again = threads.TryRun(static () => throw new InvalidOperationException("of the reader"))!;
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => again);
        go.Reset();
        running = [.. Enumerable.Range(0, ReadThreads.Most).Select(_ => threads.TryRun(go.Wait)).OfType<Task>()];
        go.Set();
        await Task.WhenAll(running);
        Assert.HasCount(ReadThreads.Most, running, "each gives its place back, that which fails too");
    }
}
