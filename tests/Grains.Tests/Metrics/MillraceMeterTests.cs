using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Metrics;

[TestClass]
public sealed class MillraceMeterTests
{
    private readonly List<SubtaskReading> _subtasks = [];
    private int _readings;

    [TestMethod]
    public void A_subtask_shows_while_it_is_there_and_not_afterwards()
    {
        using CollectedMetrics collected = new(Silo());
        collected.Collect();
        Assert.IsFalse(collected.Measurements.Exists(seen => seen.Tags.ContainsKey("subtask")));

        _subtasks.Add(Subtask(index: 0, recordsIn: 10));
        _subtasks.Add(Subtask(index: 1, recordsIn: 20));
        collected.Collect();
        CollectedMetrics.Seen[] shown =
            [.. collected.Measurements.Where(seen => seen.Name == "millrace.subtask.records.in")];
        CollectionAssert.AreEqual(new double[] { 10, 20 }, shown.Select(seen => seen.Value).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "1" }, shown.Select(seen => seen.Tags["subtask"]).ToArray());

        _subtasks.Clear();
        collected.Collect();
        Assert.IsFalse(collected.Measurements.Exists(seen => seen.Tags.ContainsKey("subtask")));
    }

    [TestMethod]
    public void The_figures_of_a_collection_are_of_one_moment()
    {
        using CollectedMetrics collected = new(Silo());
        _subtasks.Add(Subtask(index: 0, recordsIn: 10));
        collected.Collect();
        Assert.AreEqual(1, _readings);

        collected.Collect();
        Assert.AreEqual(2, _readings);
    }

    // A watermark that has not come is not the year 1970, nor long before it.
    [TestMethod]
    public void A_watermark_shows_when_there_is_one()
    {
        using CollectedMetrics collected = new(Silo());
        _subtasks.Add(Subtask(index: 0, recordsIn: 1));
        _subtasks.Add(Subtask(index: 1, recordsIn: 1) is var known
            ? known with { Figures = known.Figures with { OutputWatermark = 77 } }
            : known);
        collected.Collect();

        CollectedMetrics.Seen shown =
            collected.Measurements.Single(seen => seen.Name == "millrace.subtask.watermark.out");
        Assert.AreEqual(77, shown.Value);
        Assert.AreEqual("1", shown.Tags["subtask"]);
    }

    // Sums over a thousand channels, and never a series for each of them.
    [TestMethod]
    public void An_edge_shows_once_for_each_of_its_ends()
    {
        using CollectedMetrics collected = new(Silo());
        _subtasks.Add(Subtask(index: 0, recordsIn: 1));
        collected.Collect();

        CollectedMetrics.Seen[] shown =
            [.. collected.Measurements.Where(seen => seen.Name == "millrace.edge.records")];
        CollectionAssert.AreEqual(
            new[] { "3 in", "4 out" }, shown.Select(seen => $"{seen.Tags["edge"]} {seen.Tags["end"]}").ToArray());
    }

    [TestMethod]
    public void The_page_lists_every_instrument_with_its_kind_unit_and_tags()
    {
        using CollectedMetrics collected = new(Silo());
        _subtasks.Add(Subtask(index: 0, recordsIn: 1) is var known
            ? known with { Figures = known.Figures with { InputWatermark = 1, OutputWatermark = 2 } }
            : known);
        collected.Collect();

        string[] found =
        [
            .. collected.Instruments.Select(instrument => Row(
                instrument,
                collected.Measurements.First(seen => seen.Name == instrument.Name).Tags.Keys)),
        ];
        string[] written =
        [
            .. File.ReadAllLines(Page()).Where(line => line.StartsWith("| `millrace.", StringComparison.Ordinal))
                .Select(line => string.Join('|', line.Split('|').Take(5)).TrimEnd()),
        ];
        CollectionAssert.AreEquivalent(
            found, written, $"found:\n{string.Join('\n', found.Except(written))}\n"
            + $"written:\n{string.Join('\n', written.Except(found))}");
    }

    private static string Row(Instrument instrument, IEnumerable<string> tags)
    {
        string kind = instrument.GetType().Name.StartsWith("ObservableCounter", StringComparison.Ordinal)
            ? "counter"
            : "gauge";
        string scope = tags.Contains("edge") ? "edge"
            : tags.Contains("subtask") ? "subtask"
            : tags.Contains("job") ? "job"
            : "silo";
        return $"| `{instrument.Name}` | {kind} | `{instrument.Unit}` | {scope}";
    }

    private static string Page([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "metrics.md");

    private static SubtaskReading Subtask(int index, long recordsIn)
    {
        var attempt = new ExecutionAttemptId(new JobId(new Id128(1, 2)), new VertexId(new Id128(0, 5)), index, 0);
        var flow = new FlowMetrics(1, 1, 1, 1, 1);
        return new SubtaskReading(
            [
                new(MetricTags.Job, attempt.Job.ToString()),
                new(MetricTags.JobName, "job"),
                new(MetricTags.Vertex, "5"),
                new(MetricTags.Operator, "Map"),
                new(MetricTags.Subtask, index),
                new(MetricTags.Silo, "here"),
            ],
            new TaskMetrics(attempt, ExecutionState.Running, recordsIn, 0, 0, 0, 0, 0),
            [new EdgeMetrics(3, EdgeEnd.Input, flow, []), new EdgeMetrics(4, EdgeEnd.Output, flow, [])]);
    }

    private MeteredSilo Silo() => new("here", Read, static () => default, new FakeTimeProvider())
    {
        Jobs = static () =>
        [
            new JobReading("1", "job") { LastDuration = TimeSpan.FromSeconds(2), LastBytes = 3 },
        ],
    };

    private IReadOnlyList<SubtaskReading> Read()
    {
        _readings++;
        return [.. _subtasks];
    }
}
