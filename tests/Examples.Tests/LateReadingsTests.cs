using Millrace.Connectors;
using Millrace.Programs;

namespace Millrace.Examples;

[TestClass]
public sealed class LateReadingsTests
{
    private const long Minute = 60_000;

    // Which readings are late depends on where batches end. That each is counted or late, and none both, does not.
    [TestMethod]
    public async Task Each_reading_is_counted_or_late()
    {
        using var directory = new TemporaryDirectory();
        Reading[] readings = Random();
        await File.WriteAllLinesAsync(
            directory["readings.csv"],
            readings.Select(reading => $"{reading.Sensor},{reading.Value},{reading.Time}"));

        await StreamJob.ExecuteAsync<LateReadings>(
        [
            "--input", directory["readings.csv"], "--output", directory["out"], "--late", directory["late"],
        ]);

        Reading[] late = [.. Lines(directory["late"]).Select(Reading.Parse)];
        string[] maxima =
        [
            .. from reading in Without(readings, late)
               group reading.Value by (reading.Sensor, Start: reading.Time / Minute * Minute) into minute
               select $"{minute.Key.Sensor},{minute.Key.Start},{minute.Max()}",
        ];
        Assert.IsTrue(late.Contains(readings[^1]), "the last reading is a day old");
        CollectionAssert.AreEquivalent(maxima, Lines(directory["out"]));
    }

    private static Reading[] Random()
    {
        var random = new Random(5);
        long time = 1_436_918_400_000;
        IEnumerable<Reading> inTime = Enumerable.Range(0, 5_000).Select(i => new Reading(
            $"sensor {random.Next(7)}", i, (time += random.Next(300)) - (random.Next(20) == 0 ? Minute : 0)));
        return [.. inTime, new Reading("sensor 1", 5_000, 1_436_832_000_000)];
    }

    // Values are unique.
    private static IEnumerable<Reading> Without(Reading[] readings, Reading[] late)
    {
        HashSet<Reading> left = [.. readings];
        foreach (Reading reading in late)
        {
            Assert.IsTrue(left.Remove(reading), $"{reading} is late twice, or was never read");
        }

        return left;
    }

    private static string[] Lines(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*.csv").SelectMany(File.ReadAllLines)];
}
