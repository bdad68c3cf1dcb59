using System.Globalization;
using Millrace.Jobs;
using Spectre.Console;

namespace Millrace.Output;

/// <summary>Jobs, one a line.</summary>
internal static class JobTable
{
    public static void Write(Terminal terminal, IReadOnlyCollection<JobOverview> jobs, DateTimeOffset now)
    {
        Table table = Terminal.CreateTable("JOB", "NAME", "STATUS", "STARTED", "DURATION", "TASKS");
        foreach (JobOverview job in jobs)
        {
            table.AddRow(
                new Text(job.Job.ToString()),
                new Text(job.Name),
                new Text(job.Error ?? Texts.Word(job.Status)),
                new Text(Texts.Time(job.SubmittedAt)),
                new Text(Texts.Duration((job.EndedAt ?? now) - job.SubmittedAt)),
                new Text(TasksOf(job)));
        }

        terminal.Console.Write(table);
    }

    public static object ToJson(JobOverview job) => new
    {
        Id = job.Job.ToString(),
        job.Name,
        job.Status,
        job.SubmittedAt,
        job.EndedAt,
        Tasks = job.Subtasks.ToDictionary(
            count => Texts.Word(count.State), count => count.Count, StringComparer.Ordinal),
        job.Error,
    };

    /// <summary><c>2 RUNNING, 4 FINISHED</c>.</summary>
    private static string TasksOf(JobOverview job) => job.Subtasks.Length switch
    {
        0 => "-",
        _ => string.Join(", ", job.Subtasks.Select(count =>
            string.Create(CultureInfo.InvariantCulture, $"{count.Count} {Texts.Word(count.State)}"))),
    };
}
