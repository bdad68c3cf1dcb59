using Microsoft.Extensions.Time.Testing;

namespace Millrace.Programs;

[TestClass]
public sealed class ClusterCallsTests
{
    private readonly FakeTimeProvider _time = new();

    private ClusterCalls Calls => new(() => null!, _time);

    [TestMethod]
    public async Task A_call_whose_silo_is_lost_is_made_again()
    {
        int made = 0;

        Task<int> call = Calls.CallAsync(
            (_, _) => ++made < 4 ? throw new SiloUnavailableException("gone") : Task.FromResult(made),
            CancellationToken.None);

        Assert.AreEqual(4, await FinishAsync(call));
    }

    [TestMethod]
    public async Task A_cluster_that_stays_silent_is_given_up_with_the_last_error()
    {
        Task<int> call = Calls.CallAsync<int>(
            (_, _) => throw new TimeoutException("no answer"), CancellationToken.None);

        ClusterLostException lost = await Assert.ThrowsExactlyAsync<ClusterLostException>(() => FinishAsync(call));

        Assert.Contains("no answer", lost.Message);
    }

    [TestMethod]
    public async Task A_cluster_that_is_known_to_be_gone_is_not_waited_for()
    {
        int made = 0;
        var calls = new ClusterCalls(() => null!, _time, isGone: () => made == 2);

        Task<int> call = calls.CallAsync<int>(
            (_, _) =>
            {
                made++;
                throw new SiloUnavailableException("gone");
            },
            CancellationToken.None);

        await Assert.ThrowsExactlyAsync<ClusterLostException>(() => FinishAsync(call));
        Assert.AreEqual(2, made);
    }

    [TestMethod]
    public async Task What_the_grain_itself_throws_is_not_repeated()
    {
        int made = 0;

        Task<int> call = Calls.CallAsync<int>(
            (_, _) =>
            {
                made++;
                throw new InvalidOperationException("no");
            },
            CancellationToken.None);

        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => call);
        Assert.AreEqual(1, made);
    }

    // Orleans tells the silo, but waits for its answer: one that is lost never gives it.
    [TestMethod]
    public async Task Who_gives_up_does_not_wait_for_an_answer()
    {
        using var giveUp = new CancellationTokenSource();
        Task<int> call = Calls.CallAsync((_, _) => new TaskCompletionSource<int>().Task, giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => call);
    }

    private async Task<T> FinishAsync<T>(Task<T> call)
    {
        for (int step = 0; step < 1_000 && !call.IsCompleted; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        return await call.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }
}
