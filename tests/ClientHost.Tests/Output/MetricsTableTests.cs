using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Output;

[TestClass]
public sealed class MetricsTableTests
{
    private const long Second = 1_000_000_000;

    [TestMethod]
    public void Records_bytes_shares_and_queues_stand_in_a_line_for_each_subtask()
    {
        string[] lines = Lines(Running(new TaskMetrics(
            Attempt, ExecutionState.Running, 12_000, 6_000, 100, 2 * Second, Second, Second)
        {
            BytesIn = 1_536,
            BytesOut = 34 << 20,
            QueuedIn = 3,
            QueuedOut = 2,
            QueuedOutBytes = 96 << 10,
        }));

        CollectionAssert.AreEqual(
            "SUBTASK|RECORDS IN|IN/s|RECORDS OUT|OUT/s|BYTES IN|BYTES OUT|BUSY|BACKPRESSURED|IDLE|QUEUED IN|QUEUED OUT"
                .Split('|'),
            Cells(lines[0]));
        CollectionAssert.AreEqual(
            "1/1|12,000|3,000|6,000|1,500|1.5 KB|34.0 MB|50 %|25 %|25 %|3|2 + 96.0 KB".Split('|'), Cells(lines[1]));
    }

    [TestMethod]
    public void A_subtask_nobody_has_heard_of_has_no_figures()
    {
        CollectionAssert.AreEqual(
            new[] { "1/1" }.Concat(Enumerable.Repeat("-", 11)).ToArray(), Cells(Lines(Running(null))[1]));
    }

    private static ExecutionAttemptId Attempt => new(new JobId(new Id128(1, 2)), new VertexId(new Id128(0, 3)), 0, 0);

    private static SubtaskDetails Running(TaskMetrics? metrics) => new(
        Attempt: 0,
        ExecutionState.Running,
        Silo: null,
        SiloName: null,
        Slot: 0,
        StartedAt: null,
        EndedAt: null,
        metrics,
        metrics is null ? null : TaskRates.Between(null, metrics));

    private static string[] Lines(SubtaskDetails subtask)
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null);
        terminal.Console.Write(MetricsTable.Of(new VertexDetails(Attempt.Vertex, "vertex", 128, "default", [subtask])));
        return output.ToString().Split('\n');
    }

    private static string[] Cells(string line) => line.Split(
        "  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
