using System.Globalization;
using Millrace.Checkpointing.Statistics;
using Spectre.Console;

namespace Millrace.Output;

/// <summary>Checkpoints of a job with their phases.</summary>
/// <param name="checkpoints">The latest first.</param>
internal sealed class CheckpointsPage(IReadOnlyList<CheckpointStatistics> checkpoints)
{
    private static readonly string[] Heads =
        ["  PART", "TOLD", "AFTER", "ALIGNED", "ON THE LOOP", "OFF THE LOOP", "BYTES", "IN FLIGHT"];

    public void Write(Terminal terminal)
    {
        if (checkpoints.Count == 0)
        {
            terminal.Output.WriteLine("No checkpoints.");
            return;
        }

        foreach (CheckpointStatistics one in checkpoints)
        {
            terminal.Output.WriteLine(Describe(one));
            if (one.Failure is not null)
            {
                terminal.Output.WriteLine($"  {one.Failure}");
            }

            terminal.Console.Write(TableOf(one));
            terminal.Output.WriteLine();
        }
    }

    public object ToJson() => checkpoints.Select(one => new
    {
        one.Number,
        one.Status,
        one.BeganAt,
        DurationSeconds = one.Duration.TotalSeconds,
        one.Bytes,
        one.InFlightBytes,
        one.Reason,
        one.Failure,
        Vertices = one.Vertices.Select(vertex => new
        {
            Id = vertex.Vertex.ToString(),
            vertex.Name,
            vertex.Parallelism,
            vertex.Told,
            LastSeconds = vertex.Last.TotalSeconds,
            Longest = TimesOf(vertex.Longest),
            vertex.Bytes,
            vertex.InFlightBytes,
            Subtasks = vertex.Subtasks.Select(part => new
            {
                Index = part.Subtask,
                AfterSeconds = part.After.TotalSeconds,
                Times = part.Times is null ? null : TimesOf(part.Times),
                part.Bytes,
                part.InFlightBytes,
            }),
        }),
    });

    private static object TimesOf(CheckpointTimes times) => new
    {
        AlignmentSeconds = times.Alignment.TotalSeconds,
        SynchronousSeconds = times.Synchronous.TotalSeconds,
        AsynchronousSeconds = times.Asynchronous.TotalSeconds,
    };

    private static string Describe(CheckpointStatistics one)
    {
        string reason = one.Reason is { } why ? $" ({Texts.Word(why)})" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Checkpoint {one.Number}  {Texts.Word(one.Status)}{reason}, began {Texts.Time(one.BeganAt)}, "
            + $"{Time(one.Duration)}, {Texts.Bytes(one.Bytes)}");
    }

    // Most phases are short.
    private static string Time(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms")
        : Texts.Duration(time);

    private static Table TableOf(CheckpointStatistics one)
    {
        Table table = Terminal.CreateTable(Heads);
        foreach (VertexCheckpoint vertex in one.Vertices)
        {
            Add(
                table,
                $"  {vertex.Name}",
                string.Create(CultureInfo.InvariantCulture, $"{vertex.Told}/{vertex.Parallelism}"),
                vertex.Last,
                vertex.Longest,
                (vertex.Bytes, vertex.InFlightBytes));
            foreach (SubtaskPart part in vertex.Subtasks)
            {
                string subtask = string.Create(
                    CultureInfo.InvariantCulture, $"    {part.Subtask + 1}/{vertex.Parallelism}");
                Add(
                    table,
                    subtask,
                    part.Times is null ? "finished" : "",
                    part.After,
                    part.Times ?? CheckpointTimes.Zero,
                    (part.Bytes, part.InFlightBytes));
            }
        }

        return table;
    }

    private static void Add(
        Table table, string name, string told, TimeSpan after, CheckpointTimes times, (long All, long InFlight) bytes)
    {
        string[] cells =
        [
            name,
            told,
            Time(after),
            Time(times.Alignment),
            Time(times.Synchronous),
            Time(times.Asynchronous),
            Texts.Bytes(bytes.All),
            Texts.Bytes(bytes.InFlight),
        ];
        table.AddRow([.. cells.Select(static cell => new Text(cell))]);
    }
}
