using System.Text.Json;

namespace Millrace;

/// <summary>What the job that numbers the records of each key writes.</summary>
internal static class NumberedRows
{
    private const int Keys = 13;

    /// <summary>All of it.</summary>
    public static string[] Of(int records) =>
    [
        .. from key in Enumerable.Range(0, Keys)
           from number in Enumerable.Range(1, Enumerable.Range(0, records).Count(x => x % Keys == key))
           select $"{key}: {number}",
    ];

    /// <summary>What is committed so far.</summary>
    public static string[] In(string directory) => Directory.Exists(directory)
        ?
        [
            .. Directory.EnumerateFiles(directory)
                .Where(file => !Path.GetFileName(file).StartsWith('.'))
                .SelectMany(File.ReadLines),
        ]
        : [];

    /// <summary>Ends when a further checkpoint has committed rows.</summary>
    public static async Task MoreThanNowAsync(string directory)
    {
        int rows = In(directory).Length;
        await Eventually.SeeAsync(
            "a checkpoint commits rows", () => Task.FromResult(In(directory).Length), seen => seen > rows);
    }

    /// <summary>Ends when the job has finished.</summary>
    public static Task EndAsync(SiloCluster cluster, string job) => Eventually.SeeAsync(
        $"job {job} is FINISHED",
        () => cluster.SayAsync("show", "--json", job),
        said => StatusIn(said) == "FINISHED");

    private static string? StatusIn(Said shown)
    {
        using var json = JsonDocument.Parse(shown.WithCode(ExitCodes.Success).Output);
        return json.RootElement.GetProperty("status").GetString();
    }
}
