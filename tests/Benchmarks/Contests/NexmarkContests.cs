using Millrace.Examples.Nexmark;
using Millrace.Examples.Nexmark.Generator;
using Millrace.InProcess;
using Millrace.Measuring;
using Millrace.Programs;
using NexmarkEvent = Millrace.Examples.Nexmark.Generator.Event;

namespace Millrace.Contests;

/// <summary>Each query of Nexmark with its result into the black hole, on one core, against the bare loop that makes
/// the same events with the same texts.</summary>
/// <remarks>In a cluster inside the process, as <c>dotnet run</c> has it: submitting, Orleans and the garbage collector
/// count. The environment variable <c>MILLRACE_NEXMARK_EVENTS</c> sets another number of events than ten
/// million.</remarks>
internal static class NexmarkContests
{
    private const string EventsVariable = "MILLRACE_NEXMARK_EVENTS";
    private const int DefaultEvents = 10_000_000;

    private static readonly Lazy<MiniCluster> Cluster = new(() => MiniCluster.StartAsync(
        new MiniClusterOptions { SlotsPerSilo = 1 }).GetAwaiter().GetResult());

    private static readonly int Events =
        int.TryParse(Environment.GetEnvironmentVariable(EventsVariable), out int events) ? events : DefaultEvents;

    public static IEnumerable<Benchmark> All() => NexmarkQueries.Names.Select(query =>
        new Contest($"nexmark-{query}", "events", BarOf(query), () => Query(query), Generator));

    private static double? BarOf(string query) => query switch
    {
        "q0" or "q1" or "q2" => 0.75,
        "q5" or "q7" or "q8" or "q11" or "q12" or "q17" => 0.35,
        "q4" or "q9" or "q18" or "q19" or "q20" or "q23" => 0.1,
        _ => null,
    };

    private static Sample Query(string query) => Sample.Of(Events, () =>
    {
        string[] args = ["--query", query, "--events", $"{Events}", "--parallelism", "1", "--output", "blackhole"];
        RunAsync(args).GetAwaiter().GetResult();
    });

    private static async Task RunAsync(string[] args)
    {
        JobHandle job = await Cluster.Value.SubmitAsync<NexmarkJob>(args, parallelism: 1);
        await job.WaitAsync();
    }

    // Into a batch that is used again, as a source does.
    private static Sample Generator()
    {
        var generator = new EventGenerator<JavaRandom>(new EventNumbering());
        NexmarkEvent[] batch = new NexmarkEvent[256];
        return Sample.Of(Events, () =>
        {
            for (int position = 0; position < Events; position++)
            {
                batch[position % batch.Length] = generator.At(position);
            }
        });
    }
}
