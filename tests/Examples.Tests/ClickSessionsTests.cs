using Millrace.Connectors;
using Millrace.Programs;

namespace Millrace.Examples;

[TestClass]
public sealed class ClickSessionsTests
{
    private const long Gap = 1_800_000;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task Visits_are_those_of_the_rule(int seed)
    {
        using var directory = new TemporaryDirectory();
        Click[] clicks = Random(seed);
        await File.WriteAllLinesAsync(
            directory["clicks.csv"], clicks.Select(click => $"{click.User},{click.Page},{click.Time}"));

        await StreamJob.ExecuteAsync<ClickSessions>(
            ["--input", directory["clicks.csv"], "--output", directory["out"]]);

        string[] expected = [.. clicks.GroupBy(click => click.User).SelectMany(ByTheRule)];
        string[] written = [.. Directory.EnumerateFiles(directory["out"], "*.csv").SelectMany(File.ReadAllLines)];
        Assert.IsGreaterThan(50, expected.Length);
        CollectionAssert.AreEquivalent(expected, written);
    }

    // In order of time but for half a minute.
    private static Click[] Random(int seed)
    {
        var random = new Random(seed);
        long time = 1_436_918_400_000;
        return [.. Enumerable.Range(0, 2_000).Select(_ => new Click(
            $"user {random.Next(30)}", "/", (time += random.Next(200_000)) - random.Next(30_000)))];
    }

    private static IEnumerable<string> ByTheRule(IGrouping<string, Click> clicks)
    {
        long[] times = [.. clicks.Select(click => click.Time).Order()];
        for (int first = 0, last; first < times.Length; first = last + 1)
        {
            last = first;
            while (last + 1 < times.Length && times[last + 1] - times[last] <= Gap)
            {
                last++;
            }

            yield return $"{clicks.Key},{times[first]},{times[last]},{last - first + 1}";
        }
    }
}
