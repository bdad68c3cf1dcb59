using Millrace.Running;

namespace Millrace;

/// <summary>What the job that numbers the records of each key writes.</summary>
internal static class NumberedRows
{
    private const int Keys = 13;

    /// <summary>All of it.</summary>
    public static string[] Of(int records) => NumberedRecords.Rows(records, Keys);

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
    public static Task EndAsync(SiloCluster cluster, string job) => JobStatuses.SeeAsync(cluster, job, "FINISHED");
}
