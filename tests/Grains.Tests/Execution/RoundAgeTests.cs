namespace Millrace.Execution;

[TestClass]
public sealed class RoundAgeTests
{
    [TestMethod]
    public void A_round_grows_older_from_look_to_look()
    {
        var age = new RoundAge(longestLook: 75);

        Assert.AreEqual(40, age.Look(started: 1_000, now: 1_040));
        Assert.AreEqual(90, age.Look(started: 1_000, now: 1_090));
        Assert.AreEqual(140, age.Look(started: 1_000, now: 1_140));
    }

    [TestMethod]
    public void The_next_round_begins_anew()
    {
        var age = new RoundAge(longestLook: 75);
        age.Look(started: 1_000, now: 1_070);
        age.Look(started: 1_000, now: 1_140);

        Assert.AreEqual(10, age.Look(started: 1_150, now: 1_160));
    }

    // The process was stopped, or the machine too crowded for the watchdog itself.
    [TestMethod]
    public void Time_in_which_the_watchdog_did_not_run_either_counts_for_one_look()
    {
        var age = new RoundAge(longestLook: 75);

        Assert.AreEqual(75, age.Look(started: 1_000, now: 60_000), "Seen for the first time.");
        Assert.AreEqual(150, age.Look(started: 1_000, now: 120_000), "Seen before.");
    }
}
