using System.Diagnostics.Metrics;
using System.Globalization;
using Millrace.Tasks;

namespace Millrace.Metrics;

/// <summary>What each subtask shows of each of its edges: sums over the channels, which may be a thousand.</summary>
internal sealed class EdgeInstruments(Meter meter, SharedReading<IReadOnlyList<SubtaskReading>> subtasks)
{
    public void Add()
    {
        Counter("records", "{record}", "Records that have gone through.", static flow => flow.Records);
        Counter("batches", "{batch}", "Batches that have gone through.", static flow => flow.Batches);
        Counter("bytes", "By", "Serialized bytes that have gone through.", static flow => flow.Bytes);
        Gauge("queue", "{batch}", "Batches that wait.", static flow => flow.Queued);
        Gauge("queue.bytes", "By", "Bytes that wait to be sent to other silos.", static flow => flow.QueuedBytes);
    }

    private static KeyValuePair<string, object?>[] TagsOf(SubtaskReading subtask, EdgeMetrics edge) =>
    [
        .. subtask.Tags,
        new(MetricTags.Edge, edge.Edge.ToString(CultureInfo.InvariantCulture)),
        new(MetricTags.End, edge.End == EdgeEnd.Input ? "in" : "out"),
    ];

    private void Counter(string name, string unit, string description, Func<FlowMetrics, long> figure)
    {
        int me = subtasks.Join();
        meter.CreateObservableCounter($"millrace.edge.{name}", () => Observe(me, figure), unit, description);
    }

    private void Gauge(string name, string unit, string description, Func<FlowMetrics, long> figure)
    {
        int me = subtasks.Join();
        meter.CreateObservableGauge($"millrace.edge.{name}", () => Observe(me, figure), unit, description);
    }

    private IEnumerable<Measurement<long>> Observe(int instrument, Func<FlowMetrics, long> figure) =>
        from subtask in subtasks.For(instrument)
        from edge in subtask.Edges
        select new Measurement<long>(figure(edge.Total), TagsOf(subtask, edge));
}
