namespace Millrace.Jobs;

[TestClass]
public sealed class RestartBackoffTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(3);

    [TestMethod]
    public void A_failure_rate_allows_so_many_restarts_within_its_interval()
    {
        RestartBackoff backoff = RestartBackoff.Of(
            RestartSettings.FailureRate(2, TimeSpan.FromMinutes(10), Delay), restarts: 50);

        Assert.AreEqual(Delay, backoff.NextDelay(Start));
        Assert.AreEqual(Delay, backoff.NextDelay(Start.AddMinutes(9)));
        Assert.IsNull(backoff.NextDelay(Start.AddMinutes(9.9)));
    }

    // Restarts that are long past count no more, however many there were.
    [TestMethod]
    public void A_failure_rate_below_the_bound_goes_on_for_ever()
    {
        RestartBackoff backoff = RestartBackoff.Of(
            RestartSettings.FailureRate(2, TimeSpan.FromMinutes(10), Delay), restarts: 0);
        for (int failure = 0; failure < 100; failure++)
        {
            Assert.AreEqual(Delay, backoff.NextDelay(Start.AddMinutes(5 * failure)), $"failure {failure}");
        }
    }

    [TestMethod]
    [DataRow(0, 60, 1)]
    [DataRow(1, 0, 1)]
    [DataRow(1, 60, -1)]
    public void A_failure_rate_that_cannot_work_is_refused(int most, int interval, int delay) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RestartSettings.FailureRate(
            most, TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(delay)));
}
