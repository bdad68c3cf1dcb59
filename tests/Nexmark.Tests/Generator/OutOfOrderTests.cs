namespace Millrace.Examples.Nexmark.Generator;

[TestClass]
public sealed class OutOfOrderTests
{
    private const int Events = 60_000;

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(50)]
    [DataRow(1_000)]
    [DataRow(Events)]
    public void Groups_of_any_size_give_the_same_set_of_events(int group)
    {
        var inOrder = new EventGenerator<JavaRandom>(new EventNumbering());
        var shuffled = new EventGenerator<JavaRandom>(new EventNumbering(outOfOrderGroup: group));

        HashSet<Event> expected = [.. Enumerable.Range(0, Events).Select(position => inOrder.At(position))];
        HashSet<Event> seen = [.. Enumerable.Range(0, Events).Select(position => shuffled.At(position))];

        Assert.HasCount(Events, expected);
        Assert.IsTrue(seen.SetEquals(expected));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1_000)]
    public void No_event_is_later_than_promised(int group)
    {
        var numbering = new EventNumbering(rate: 300, outOfOrderGroup: group);
        long latest = long.MinValue;
        for (long position = 0; position < Events; position++)
        {
            long time = numbering.TimeOf(numbering.NumberAt(position));
            latest = Math.Max(latest, time);
            Assert.IsLessThanOrEqualTo(numbering.MaxOutOfOrderness.TotalMilliseconds, latest - time);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(953)]
    [DataRow(1_906)]
    public void A_group_that_would_lose_events_is_refused(int group)
    {
        ArgumentOutOfRangeException refusal = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new EventNumbering(outOfOrderGroup: group));

        Assert.AreEqual(group, refusal.ActualValue);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2_000_001)]
    public void A_rate_that_leaves_no_time_between_events_is_refused(int rate)
    {
        ArgumentOutOfRangeException refusal = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new EventNumbering(rate));

        Assert.AreEqual(rate, refusal.ActualValue);
    }
}
