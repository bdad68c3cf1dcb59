using System.Globalization;
using Millrace.Jobs;
using Millrace.Tasks;
using Spectre.Console;

namespace Millrace.Output;

/// <summary>How the subtasks of a vertex get on: rates over the last second or so, or over their whole life once they
/// have ended.</summary>
internal static class MetricsTable
{
    private const string None = "-";

    public static Table Of(VertexDetails vertex)
    {
        Table table = Terminal.CreateTable(
            "  SUBTASK",
            "RECORDS IN",
            "IN/s",
            "RECORDS OUT",
            "OUT/s",
            "BYTES IN",
            "BYTES OUT",
            "BUSY",
            "BACKPRESSURED",
            "IDLE",
            "QUEUED IN",
            "QUEUED OUT");
        for (int index = 0; index < vertex.Parallelism; index++)
        {
            string subtask = string.Create(CultureInfo.InvariantCulture, $"  {index + 1}/{vertex.Parallelism}");
            IEnumerable<string> cells = CellsOf(vertex.Subtasks[index]).Prepend(subtask);
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        return table;
    }

    public static object? ToJson(SubtaskDetails subtask) => subtask.Metrics is not { } metrics ? null : new
    {
        metrics.RecordsIn,
        metrics.RecordsOut,
        metrics.BatchesIn,
        metrics.BatchesOut,
        metrics.BytesIn,
        metrics.BytesOut,
        BusySeconds = Seconds(metrics.BusyNanoseconds),
        BackpressuredSeconds = Seconds(metrics.BackpressuredNanoseconds),
        IdleSeconds = Seconds(metrics.IdleNanoseconds),
        ProcessorSeconds = Seconds(metrics.ProcessorNanoseconds),
        metrics.QueuedIn,
        metrics.QueuedOut,
        metrics.QueuedOutBytes,
        metrics.Mailbox,
        metrics.InputWatermark,
        metrics.OutputWatermark,
        Rates = subtask.Rates is not { } rates ? null : new
        {
            RecordsInPerSecond = rates.RecordsIn,
            RecordsOutPerSecond = rates.RecordsOut,
            BytesInPerSecond = rates.BytesIn,
            BytesOutPerSecond = rates.BytesOut,
            rates.Busy,
            rates.Backpressured,
            rates.Idle,
        },
    };

    private static string[] CellsOf(SubtaskDetails subtask)
    {
        TaskMetrics? metrics = subtask.Metrics;
        TaskRates? rates = subtask.Rates;
        if (metrics is null)
        {
            return [.. Enumerable.Repeat(None, 11)];
        }

        return
        [
            Texts.Number(metrics.RecordsIn),
            rates is null ? None : Texts.Number((long)rates.RecordsIn),
            Texts.Number(metrics.RecordsOut),
            rates is null ? None : Texts.Number((long)rates.RecordsOut),
            Texts.Bytes(metrics.BytesIn),
            Texts.Bytes(metrics.BytesOut),
            rates is null ? None : Texts.Percent(rates.Busy),
            rates is null ? None : Texts.Percent(rates.Backpressured),
            rates is null ? None : Texts.Percent(rates.Idle),
            Texts.Number(metrics.QueuedIn),
            QueuedOut(metrics),
        ];
    }

    // Batches on this silo, bytes on the way to others.
    private static string QueuedOut(TaskMetrics metrics) => metrics.QueuedOutBytes == 0
        ? Texts.Number(metrics.QueuedOut)
        : $"{Texts.Number(metrics.QueuedOut)} + {Texts.Bytes(metrics.QueuedOutBytes)}";

    private static double Seconds(long nanoseconds) => nanoseconds / 1e9;
}
