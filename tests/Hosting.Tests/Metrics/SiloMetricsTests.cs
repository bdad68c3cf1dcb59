using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Connectors;
using Millrace.Connectors.Blackhole;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Metrics;

/// <summary>What collectors see of the silos of a real cluster.</summary>
[TestClass]
public sealed class SiloMetricsTests
{
    private const int Jobs = 20;

    [TestMethod]
    public async Task Jobs_show_while_they_run_and_leave_nothing_behind()
    {
        await using MiniCluster cluster =
            await MiniCluster.StartAsync(new MiniClusterOptions { Silos = 2, SlotsPerSilo = 2 });

        // A job that begins before the second silo has told its slots runs on the first one alone.
        await Eventually.HasSlotsAsync(cluster, cluster.Slots);
        using var seen = new Seen(cluster);
        int instruments = seen.Instruments;
        Assert.IsGreaterThan(0, instruments);

        JobHandle endless = await cluster.SubmitAsync<EndlessJob>([]);
        await seen.UntilAsync("both silos show subtasks that get on", shown =>
            shown.Where(one => one.Name == "millrace.subtask.records.out" && one.Value > 0)
                .Select(one => one.Silo).Distinct().Count() == 2);
        await endless.CancelAsync();
        await endless.WaitAsync();

        // A subtask that sees its peer go before it is told to stop itself has failed.
        await seen.UntilAsync("the canceled job shows no more", shown => shown.TrueForAll(one => !one.IsOfSubtask));
        double failures = seen.Sum("millrace.silo.failures");
        for (int job = 0; job < Jobs; job++)
        {
            JobResult result = await (await cluster.SubmitAsync<SmallJob>([])).WaitAsync();
            Assert.AreEqual(JobStatus.Finished, result.Status);
        }

        await seen.UntilAsync("nothing of a subtask shows", shown => shown.TrueForAll(one => !one.IsOfSubtask));
        await seen.UntilAsync("all slots are free again", shown =>
            shown.Where(one => one.Name == "millrace.silo.slots.free").Sum(one => one.Value) == cluster.Slots);
        Assert.AreEqual(instruments, seen.Instruments, "jobs add no instruments");
        Assert.AreEqual(0, seen.Sum("millrace.silo.loops"));
        Assert.AreEqual(0, seen.Sum("millrace.silo.batches"));
        Assert.AreEqual(failures, seen.Sum("millrace.silo.failures"));
        Assert.IsGreaterThan(0, seen.Sum("millrace.silo.workers"));
        Assert.AreEqual(cluster.Slots, seen.Sum("millrace.silo.slots"));
    }

    internal sealed class EndlessJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetRuntimeMode(RuntimeMode.Streaming)
                .FromSequence(0, long.MaxValue - 1)
                .Rebalance()
                .SinkTo(new DiscardSink<long>());
    }

    internal sealed class SmallJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.FromSequence(0, 999).Rebalance().SinkTo(new DiscardSink<long>());
    }

    /// <summary>Collects from the silos of one cluster.</summary>
    private sealed class Seen : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly MeterListener _listener = new();
        private readonly List<Shown> _shown = [];

        public Seen(MiniCluster cluster)
        {
            object[] scopes = [.. cluster.Silos.Select(silo => silo.Services.GetRequiredService<IMeterFactory>())];
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == MillraceMeter.Name && scopes.Contains(instrument.Meter.Scope))
                {
                    Instruments++;
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public int Instruments { get; private set; }

        public double Sum(string name) => _shown.Where(one => one.Name == name).Sum(one => one.Value);

        public async Task UntilAsync(string what, Predicate<List<Shown>> condition)
        {
            long start = TimeProvider.System.GetTimestamp();
            while (true)
            {
                _shown.Clear();
                _listener.RecordObservableInstruments();
                if (condition(_shown))
                {
                    return;
                }

                Assert.IsLessThan(Patience, TimeProvider.System.GetElapsedTime(start), $"{what}: not seen");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string silo = "";
            bool isOfSubtask = false;
            foreach ((string name, object? tag) in tags)
            {
                silo = name == MetricTags.Silo ? (string)tag! : silo;
                isOfSubtask |= name == MetricTags.Subtask;
            }

            _shown.Add(new Shown(instrument.Name, silo, isOfSubtask, value));
        }
    }

    private sealed record Shown(string Name, string Silo, bool IsOfSubtask, double Value);
}
