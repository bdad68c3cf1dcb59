namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>100,000 events at 10,000 a second, from the seeded generator, in order.</summary>
[TestClass]
public sealed class GoldenResultsTests
{
    [TestMethod]
    [DataRow("q0", 92_000, "da4bb48c30c09a81")]
    [DataRow("q1", 92_000, "a9b552ba7ea91b04")]
    [DataRow("q2", 351, "89e1cb244779bf48")]
    [DataRow("q3", 580, "c29d84417dc44474")]
    [DataRow("q5", 15, "efefa1d48c794cf9")]
    [DataRow("q7", 1, "d5af0ef1d8a525d4")]
    [DataRow("q8", 902, "372819ce2a5810f0")]
    [DataRow("q9", 4_052, "d8555b5d4ab88b95")]
    [DataRow("q11", 1_919, "1a71588df2c7aa8f")]
    [DataRow("q14", 26_069, "57bf573ef2920599")]
    [DataRow("q17", 4_657, "d53ed164a9878aba")]
    [DataRow("q18", 25_248, "955d0adcdbb035ae")]
    [DataRow("q19", 35_135, "6b6452923a1f851f")]
    [DataRow("q20", 14_419, "295d4fb058dd7c24")]
    public void Rows_and_hash_are_those_on_record(string query, int rows, string hash) =>
        Assert.AreEqual($"rows={rows} hash={hash}", RowHash.Of(QueryModels.Rows(query, EventLog.Golden)).ToString());

    [TestMethod]
    public void Winning_prices_of_each_category_are_those_on_record()
    {
        string[] expected =
        [
            $"10|801|27221825565|{27221825565 / 801}",
            $"11|833|27580855371|{27580855371 / 833}",
            $"12|797|26164311607|{26164311607 / 797}",
            $"13|809|26401916158|{26401916158 / 809}",
            $"14|812|28260641143|{28260641143 / 812}",
        ];

        CollectionAssert.AreEquivalent(expected, QueryModels.Rows("q4", EventLog.Golden).ToArray());
    }

    [TestMethod]
    public void Counts_of_the_day_are_those_on_record() => CollectionAssert.AreEqual(
        new[] { "2015-07-15|92000|30655|30660|30685|1919|1735|1753|1745|4657|4113|4159|4170" },
        QueryModels.Rows("q15", EventLog.Golden).ToArray());

    [TestMethod]
    public void The_join_of_three_has_as_many_rows_as_on_record() =>
        Assert.HasCount(147_405, QueryModels.Rows("q23", EventLog.Golden));

    // Published by Beam for the same events: as many sessions and bidders.
    [TestMethod]
    public void There_are_as_many_bidders_as_on_record() =>
        Assert.HasCount(1_919, QueryModels.Rows("q12", EventLog.Golden));

    [TestMethod]
    public void The_hash_is_the_published_one_of_its_kind()
    {
        Assert.AreEqual(0xaf63dc4c8601ec8cUL, RowHash.HashOf("a"));
        Assert.AreEqual(0x85944171f73967e8UL, RowHash.HashOf("foobar"));
    }
}
