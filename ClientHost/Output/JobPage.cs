using System.Globalization;
using Millrace.Checkpointing;
using Millrace.Functions;
using Millrace.Jobs;
using Millrace.Local;
using Millrace.Programs;
using Spectre.Console;

namespace Millrace.Output;

/// <summary>All there is to show about a job.</summary>
/// <param name="job">The job.</param>
/// <param name="processes">Silo processes of this machine, for their process ids.</param>
/// <param name="now">For jobs and subtasks that have not ended.</param>
internal sealed class JobPage(JobDetails job, IReadOnlyList<LocalSilo> processes, DateTimeOffset now)
{
    private DateTimeOffset Start => job.History.Length > 0 ? job.History[0].At : now;

    private DateTimeOffset End => job.Status.IsTerminal() && job.History.Length > 0 ? job.History[^1].At : now;

    public void Write(Terminal terminal)
    {
        TextWriter output = terminal.Output;
        output.WriteLine($"Job       {job.Job}");
        output.WriteLine($"Name      {job.Name}");
        output.WriteLine($"Status    {Texts.Word(job.Status)}");
        output.WriteLine($"Started   {Texts.Time(Start)}");
        output.WriteLine($"Duration  {Texts.Duration(End - Start)}");
        if (job.Restarts > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Restarts  {job.Restarts}"));
        }

        if (job.Failures.LastOrDefault(static failure => failure.Regions is not null) is { } last)
        {
            output.WriteLine($"Regions   {string.Join(", ", last.Regions!)} ran again from {Texts.Time(last.At)} on");
        }

        if (job.Checkpoints is { } checkpoints)
        {
            output.WriteLine($"Checkpoints  {Describe(checkpoints)}");
        }

        if (job.RestoredFrom is { } from)
        {
            output.WriteLine($"Began     from {from}");
        }

        if (job.Savepoint is { } savepoint)
        {
            output.WriteLine($"Savepoint {savepoint}");
        }

        foreach (VertexDetails vertex in job.Vertices)
        {
            output.WriteLine();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{vertex.Name}  (vertex {vertex.Vertex}, parallelism {vertex.Parallelism})"));
            terminal.Console.Write(TableOf(vertex));
            if (vertex.Subtasks.Any(subtask => subtask.Metrics is not null))
            {
                output.WriteLine();
                terminal.Console.Write(MetricsTable.Of(vertex));
            }
        }

        WriteAccumulators(output);
        WriteFailure(output);
    }

    public object ToJson() => new
    {
        Id = job.Job.ToString(),
        job.Name,
        job.Status,
        StartedAt = Start,
        DurationSeconds = (End - Start).TotalSeconds,
        job.Restarts,
        job.Checkpoints,
        job.RestoredFrom,
        job.Savepoint,
        Vertices = job.Vertices.Select(vertex => new
        {
            Id = vertex.Vertex.ToString(),
            vertex.Name,
            vertex.Parallelism,
            Subtasks = vertex.Subtasks.Select((subtask, index) => new
            {
                Index = index,
                subtask.State,
                subtask.Attempt,
                Silo = subtask.SiloName,
                Address = subtask.Silo,
                Process = ProcessOf(subtask),
                subtask.Slot,
                Metrics = MetricsTable.ToJson(subtask),
            }),
        }),
        Accumulators = job.Accumulators.ToDictionary(value => value.Name, JobReport.ValueOf, StringComparer.Ordinal),
        Failures = job.Failures.Select(failure => new
        {
            failure.At,
            Type = failure.Failure.TypeName,
            failure.Failure.Message,
            failure.Regions,
        }),
        Failure = job.Failure is null ? null : new
        {
            Type = job.Failure.TypeName,
            job.Failure.Message,
            job.Failure.StackTrace,
            job.Failure.Place.Operator,
            job.Failure.Place.Vertex,
            job.Failure.Place.Subtask,
            job.Failure.Place.SourcePosition,
            job.Failure.Place.Silo,
        },
    };

    private static string Describe(CheckpointOverview checkpoints)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{checkpoints.Completed} completed, {checkpoints.Failed} failed");
        return checkpoints.Latest is { } latest
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{text}; latest {latest.Number} at {Texts.Time(latest.CompletedAt)}, "
                + $"{Texts.Duration(latest.Duration)}, {Texts.Bytes(latest.Bytes)}")
            : text;
    }

    private Table TableOf(VertexDetails vertex)
    {
        Table table = Terminal.CreateTable(
            "  SUBTASK", "STATE", "SILO", "PROCESS", "SLOT", "ATTEMPT", "DURATION");
        for (int index = 0; index < vertex.Parallelism; index++)
        {
            SubtaskDetails subtask = vertex.Subtasks[index];
            string[] cells =
            [
                string.Create(CultureInfo.InvariantCulture, $"  {index + 1}/{vertex.Parallelism}"),
                Texts.Word(subtask.State),
                subtask.SiloName ?? subtask.Silo ?? "-",
                ProcessOf(subtask)?.ToString(CultureInfo.InvariantCulture) ?? "-",
                subtask.Slot < 0 ? "-" : subtask.Slot.ToString(CultureInfo.InvariantCulture),
                subtask.Attempt.ToString(CultureInfo.InvariantCulture),
                subtask.StartedAt is null ? "-" : Texts.Duration((subtask.EndedAt ?? now) - subtask.StartedAt.Value),
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        return table;
    }

    private int? ProcessOf(SubtaskDetails subtask) =>
        processes.FirstOrDefault(silo => silo.Silo is not null && silo.Silo == subtask.Silo)?.Pid;

    private void WriteAccumulators(TextWriter output)
    {
        if (job.Accumulators.Length == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("Accumulators");
        foreach (AccumulatorValue accumulator in job.Accumulators)
        {
            output.WriteLine($"  {accumulator.Name}: {JobReport.ValueOf(accumulator)}");
        }
    }

    private void WriteFailure(TextWriter output)
    {
        if (job.Failure is null)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"Failed of {job.Failure}");
        if (job.Failure.StackTrace.Length > 0)
        {
            output.WriteLine(JobReport.Indented(job.Failure));
        }
    }
}
