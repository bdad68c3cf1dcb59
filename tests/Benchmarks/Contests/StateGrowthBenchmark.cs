using System.Collections.Concurrent;
using System.Globalization;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Examples.Nexmark;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Reading;
using Millrace.Functions;
using Millrace.InProcess;
using Millrace.Measuring;
using Millrace.Programs;
using NexmarkEvent = Millrace.Examples.Nexmark.Generator.Event;

namespace Millrace.Contests;

/// <summary>Whether a query of Nexmark holds more and more: managed memory in use after all of its events, beside that
/// after a quarter of them.</summary>
/// <remarks>Auctions and bidders come and go, and as many are at work at any time. So windows, sessions and timers that
/// were kept behind their end would show. Memory is weighed within the running job, after a full collection; the
/// cluster in the process is part of it.</remarks>
/// <param name="Query">The query.</param>
internal sealed record StateGrowthBenchmark(string Query) : Benchmark($"state-growth-{Query}")
{
    private const int Events = 20_000_000;
    private const int Samples = 4;
    private const double Bar = 1.1;

    private static readonly ConcurrentQueue<long> Weights = [];

    /// <inheritdoc/>
    public override Verdict Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<Verdict> RunAsync()
    {
        Weights.Clear();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await using MiniCluster cluster = await MiniCluster.StartAsync(new MiniClusterOptions { SlotsPerSilo = 1 });
        JobHandle job = await cluster.SubmitAsync<WeighedJob>(["--query", Query], parallelism: 1);
        await job.WaitAsync();

        double[] weights = [.. Weights.Select(weight => (double)weight)];
        bool isValid = weights.Length == Samples;
        double growth = weights[^1] / weights[0];
        string all = string.Join(
            ", ", weights.Select(weight => (weight / 1e6).ToString("0.00", CultureInfo.InvariantCulture)));
        return new Verdict(
            Name,
            weights[^1],
            weights[0],
            $"bytes in use after all events and after a quarter of them, at most; MB after each quarter: {all}",
            growth,
            Figures.Spread(weights),
            (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            Bar,
            isValid,
            isValid ? growth < Bar : null);
    }

    /// <summary>A query whose events are counted on their way.</summary>
    internal sealed class WeighedJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            NexmarkQueries.Create(args["query"]).Define(
                env.FromSource(
                    new EventSource<JavaRandom>(new EventNumbering(), EventTexts.All, Events),
                    WatermarkStrategy.ForMonotonousTimestamps<NexmarkEvent>())
                    .Map(new Scales()),
                new QueryOutput(QueryOutput.Blackhole, overwrite: false));
    }

    private sealed class Scales : IMapFunction<NexmarkEvent, NexmarkEvent>
    {
        private int _passed;

        public NexmarkEvent Map(NexmarkEvent value)
        {
            if (++_passed % (Events / Samples) == 0)
            {
                Weights.Enqueue(GC.GetTotalMemory(forceFullCollection: true));
            }

            return value;
        }
    }
}
