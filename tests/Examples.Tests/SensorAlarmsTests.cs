using Millrace.Connectors;
using Millrace.Harnesses;
using Millrace.Programs;

namespace Millrace.Examples;

[TestClass]
public sealed class SensorAlarmsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task Alarms_are_those_of_the_rules_that_held(int seed)
    {
        using var directory = new TemporaryDirectory();
        (SensorReading[] readings, LimitRule[] rules) = Random(seed);
        await File.WriteAllLinesAsync(
            directory["readings.csv"],
            readings.Select(reading => $"{reading.Sensor},{reading.Kind},{reading.Value},{reading.Time}"));
        await File.WriteAllLinesAsync(
            directory["rules.csv"], rules.Select(rule => $"{rule.Kind},{rule.Limit},{rule.From}"));

        await StreamJob.ExecuteAsync<SensorAlarms>(
        [
            "--readings", directory["readings.csv"], "--rules", directory["rules.csv"], "--output", directory["out"],
        ]);

        string[] expected = [.. ByTheRules(readings, rules)
            .Select(alarm => $"{alarm.Sensor},{alarm.Value},{alarm.Limit},{alarm.Time}")];
        string[] written = [.. Directory.EnumerateFiles(directory["out"], "*.csv").SelectMany(File.ReadAllLines)];
        Assert.IsGreaterThan(5, expected.Length);
        CollectionAssert.AreEquivalent(expected, written);
    }

    // The harness shows what the whole program cannot: which of both streams was first.
    [TestMethod]
    public void A_reading_waits_for_rules_that_may_still_come()
    {
        using var harness = FunctionHarness.Of<SensorReading, LimitRule, SensorAlarm>((readings, rules) => readings
            .KeyBy(reading => reading.Sensor)
            .Connect(rules.Broadcast(AboveLimit.Rules))
            .Process(new AboveLimit()));

        harness.ProcessLeft(new SensorReading("t7", "celsius", 95, 1_000), 1_000);
        harness.ProcessRight(new LimitRule("celsius", 90, 500), 500);
        harness.ProcessRight(new LimitRule("celsius", 80, 1_001), 1_001);
        harness.AdvanceWatermark(999);
        Assert.HasCount(0, harness.Results);
        Assert.AreEqual(1, harness.EventTimeTimers);
        harness.AdvanceWatermark(1_000);

        Assert.AreEqual(new SensorAlarm("t7", 95, 90, 1_000), harness.Results.Single());
        Assert.AreEqual(0, harness.EventTimeTimers);
    }

    private static (SensorReading[] Readings, LimitRule[] Rules) Random(int seed)
    {
        var random = new Random(seed);
        long time = 1_436_918_400_000;
        return (
            [.. Enumerable.Range(0, 1_000).Select(_ => new SensorReading(
                $"s{random.Next(20)}", $"kind {random.Next(3)}", random.Next(100), time + random.Next(60_000)))
                .OrderBy(reading => reading.Time)],
            [.. Enumerable.Range(0, 30).Select(i => new LimitRule(
                $"kind {random.Next(3)}", random.Next(50, 100), time + (i * 2_000)))]);
    }

    private static IEnumerable<SensorAlarm> ByTheRules(SensorReading[] readings, LimitRule[] rules) =>
        from reading in readings
        let held = rules.LastOrDefault(rule => rule.Kind == reading.Kind && rule.From <= reading.Time)
        where held.Kind is not null && reading.Value > held.Limit
        select new SensorAlarm(reading.Sensor, reading.Value, held.Limit, reading.Time);
}
