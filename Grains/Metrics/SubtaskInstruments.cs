using System.Diagnostics.Metrics;
using Millrace.Tasks;

namespace Millrace.Metrics;

/// <summary>What each subtask shows.</summary>
internal sealed class SubtaskInstruments(
    Meter meter, SharedReading<IReadOnlyList<SubtaskReading>> subtasks)
{
    private const double NanosecondsPerSecond = 1e9;

    public void Add()
    {
        AddFlow();
        AddTimes();
        AddQueues();
        AddLookups();
        Gauge("attempt", "{attempt}", "Number of the attempt, from 0: how often it was started anew.",
            static figures => figures.Attempt.Attempt);
        Gauge("watermark.in", "ms", "Watermark of what it took, since 1970-01-01 UTC.",
            static figures => figures.InputWatermark);
        Gauge("watermark.out", "ms", "Lowest watermark of what it sent, since 1970-01-01 UTC.",
            static figures => figures.OutputWatermark);
    }

    private void AddFlow()
    {
        Counter("records.in", "{record}", "Records taken; for a source, read.", static figures => figures.RecordsIn);
        Counter("records.out", "{record}", "Records sent; for a sink, written.", static figures => figures.RecordsOut);
        Counter("batches.in", "{batch}", "Batches taken.", static figures => figures.BatchesIn);
        Counter("batches.out", "{batch}", "Batches sent.", static figures => figures.BatchesOut);
        Counter("bytes.in", "By", "Serialized bytes from other silos.", static figures => figures.BytesIn);
        Counter("bytes.out", "By", "Serialized bytes to other silos.", static figures => figures.BytesOut);
    }

    private void AddTimes()
    {
        Seconds("time.busy", "Time with something to do.", static figures => figures.BusyNanoseconds);
        Seconds("time.idle", "Time without input.", static figures => figures.IdleNanoseconds);
        Seconds(
            "time.backpressured",
            "Time without room in an output.",
            static figures => figures.BackpressuredNanoseconds);
        Seconds("time.processor", "Processor time used.", static figures => figures.ProcessorNanoseconds);
    }

    private void AddQueues()
    {
        Gauge("queue.in", "{batch}", "Batches that wait to be taken.", static figures => figures.QueuedIn);
        Gauge("queue.out", "{batch}", "Batches sent that wait on this silo.", static figures => figures.QueuedOut);
        Gauge("queue.out.bytes", "By", "Bytes that wait to be sent to other silos.",
            static figures => figures.QueuedOutBytes);
        Gauge("mailbox", "{letter}", "Letters to its loop not yet read.", static figures => figures.Mailbox);
    }

    private void AddLookups()
    {
        Counter("lookup.hits", "{record}", "Records of lookup joins with rows in the cache.",
            static figures => figures.LookupHits);
        Counter("lookup.misses", "{record}", "Records of lookup joins without rows in the cache.",
            static figures => figures.LookupMisses);
        Counter("lookup.evictions", "{key}", "Keys that left the caches of lookup joins.",
            static figures => figures.LookupEvictions);
    }

    private void Counter(string name, string unit, string description, Func<TaskMetrics, long> figure)
    {
        int me = subtasks.Join();
        meter.CreateObservableCounter(
            $"millrace.subtask.{name}",
            () => subtasks.For(me).Select(subtask => new Measurement<long>(figure(subtask.Figures), subtask.Tags)),
            unit,
            description);
    }

    private void Seconds(string name, string description, Func<TaskMetrics, long> nanoseconds)
    {
        int me = subtasks.Join();
        meter.CreateObservableCounter(
            $"millrace.subtask.{name}",
            () => subtasks.For(me).Select(subtask =>
                new Measurement<double>(nanoseconds(subtask.Figures) / NanosecondsPerSecond, subtask.Tags)),
            "s",
            description);
    }

    private void Gauge(string name, string unit, string description, Func<TaskMetrics, long?> figure)
    {
        int me = subtasks.Join();
        meter.CreateObservableGauge(
            $"millrace.subtask.{name}",
            () =>
                from subtask in subtasks.For(me)
                let value = figure(subtask.Figures)
                where value is not null
                select new Measurement<long>(value.Value, subtask.Tags),
            unit,
            description);
    }
}
