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

    [TestMethod]
    public async Task A_patient_call_tells_once_that_nobody_answers_and_once_that_somebody_does()
    {
        List<string> told = [];
        var patience = new CallPatience(
            TimeSpan.FromMinutes(5),
            (silent, last) => told.Add($"silent {silent >= CallPatience.ToldAfter}: {last.Message}"),
            silent => told.Add($"answered after more than half a minute: {silent > TimeSpan.FromSeconds(30)}"));
        long start = _time.GetTimestamp();

        Task<int> call = Calls.CallAsync(
            (_, _) => _time.GetElapsedTime(start) < TimeSpan.FromMinutes(1)
                ? throw new SiloUnavailableException("gone")
                : Task.FromResult(1),
            CancellationToken.None,
            patience: patience);

        Assert.AreEqual(1, await FinishAsync(call));
        CollectionAssert.AreEqual(
            new[] { "silent True: gone", "answered after more than half a minute: True" }, told);
    }

    [TestMethod]
    public async Task A_silo_that_is_replaced_at_once_is_not_worth_a_word()
    {
        int made = 0;
        var patience = new CallPatience(
            TimeSpan.FromMinutes(5),
            (_, _) => Assert.Fail("It was silent for less than a second."),
            _ => Assert.Fail("Nobody was told that it was silent."));

        Task<int> call = Calls.CallAsync(
            (_, _) => ++made < 3 ? throw new SiloUnavailableException("gone") : Task.FromResult(made),
            CancellationToken.None,
            patience: patience);

        Assert.AreEqual(3, await FinishAsync(call));
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
