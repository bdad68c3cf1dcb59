using System.Text.Json;

namespace Millrace;

/// <summary>What the command line says of a job's status.</summary>
internal static class JobStatuses
{
    /// <summary>Ends when the job has come to a status.</summary>
    /// <returns>What was said of the job then.</returns>
    public static Task<Said> SeeAsync(SiloCluster cluster, string job, string status) => Eventually.SeeAsync(
        $"job {job} is {status}",
        () => cluster.SayAsync("show", "--json", job),
        said => In(said) == status);

    /// <summary>The status in what <c>show --json</c> said.</summary>
    public static string? In(Said shown)
    {
        using var json = JsonDocument.Parse(shown.WithCode(ExitCodes.Success).Output);
        return json.RootElement.GetProperty("status").GetString();
    }
}
