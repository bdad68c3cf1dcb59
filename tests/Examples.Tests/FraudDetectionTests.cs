using Millrace.Connectors;
using Millrace.Programs;

namespace Millrace.Examples;

[TestClass]
public sealed class FraudDetectionTests
{
    // One file, so that the payments of a card are read in the order of time, whatever the parallelism after it.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public async Task Alarms_are_those_of_the_rule(int seed)
    {
        using var directory = new TemporaryDirectory();
        Payment[] payments = Random(seed);
        await File.WriteAllLinesAsync(
            directory["payments.csv"],
            payments.Select(payment => $"{payment.Card},{payment.Cents},{payment.Time}"));

        await StreamJob.ExecuteAsync<FraudDetection>(
            ["--input", directory["payments.csv"], "--output", directory["out"]]);

        string[] expected = [.. ByTheRule(payments)
            .Select(alarm => $"{alarm.Card},{alarm.Probe},{alarm.Cents},{alarm.Time}")];
        string[] written = [.. Directory.EnumerateFiles(directory["out"], "*.csv").SelectMany(File.ReadAllLines)];
        Assert.IsGreaterThan(5, expected.Length);
        CollectionAssert.AreEquivalent(expected, written);
    }

    [TestMethod]
    public async Task A_line_that_is_no_payment_is_shown_with_what_is_needed()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["payments.csv"], "a,1,2\nb,one,3\n");

        JobFailedException failed = await Assert.ThrowsExactlyAsync<JobFailedException>(
            () => StreamJob.ExecuteAsync<FraudDetection>(
                ["--input", directory["payments.csv"], "--output", directory["out"]]));

        Assert.Contains("'b,one,3' is no payment", failed.Message);
        Assert.Contains("payments.csv:byte 6", failed.Message);
    }

    private static Payment[] Random(int seed)
    {
        var random = new Random(seed);
        long time = 1_436_918_400_000;
        return [.. Enumerable.Range(0, 2_000).Select(_ => new Payment(
            $"card {random.Next(20)}",
            Cents(random),
            time += random.Next(6_000)))];
    }

    private static long Cents(Random random) => random.Next(3) switch
    {
        0 => random.Next(100),
        1 => random.Next(100, 50_001),
        _ => random.Next(50_001, 99_999),
    };

    // Pairs of neighbours, with neither state nor timers.
    private static IEnumerable<Alarm> ByTheRule(Payment[] payments) =>
        from card in payments.GroupBy(payment => payment.Card)
        from pair in card.Zip(card.Skip(1))
        where pair.First.Cents < 100 && pair.Second.Cents > 50_000 && pair.Second.Time - pair.First.Time < 60_000
        select new Alarm(card.Key, pair.First.Cents, pair.Second.Cents, pair.Second.Time);
}
