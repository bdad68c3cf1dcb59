using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Reading;
using Millrace.Graph;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark;

/// <summary>
/// A query of the Nexmark benchmark: <c>--query</c> (q0 to q23), <c>--events</c> (default 100,000), <c>--rate</c>
/// (events for each second of event time, default 10,000; never throttles), <c>--output</c> (hash, blackhole, or a
/// directory for CSV files; default hash), <c>--overwrite</c>, <c>--parallelism</c>, <c>--batch-size</c>,
/// <c>--out-of-order</c> (default 1), <c>--pace</c> (events come at their rate), <c>--side-input</c> (a file for q13),
/// <c>--mode</c> (streaming or batch; default streaming), <c>--generator</c> (seeded or fast; default seeded),
/// <c>--checkpoints</c> (milliseconds from one to the next; default none).
/// </summary>
public sealed class NexmarkJob : IStreamJob
{
    private const string Seeded = "seeded";
    private const string Fast = "fast";
    private const string Streaming = "streaming";
    private const string Batch = "batch";
    private const long DefaultEvents = 100_000;

    private static readonly string[] Names =
    [
        "query", "events", "rate", "output", "overwrite", "parallelism", "batch-size", "out-of-order", "pace",
        "side-input", "mode", "generator", "checkpoints",
    ];

    /// <inheritdoc/>
    public void Define(StreamExecutionEnvironment env, JobArguments args)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(args);
        RefuseUnknown(args);
        INexmarkQuery query = NexmarkQueries.Create(args["query"]);
        if (args.Has("parallelism"))
        {
            env.SetParallelism(Within(args, "parallelism", 1, 32_768));
        }

        if (args.Has("batch-size"))
        {
            env.SetBatchSize(Within(args, "batch-size", 1, 65_536));
        }

        if (args.Has("checkpoints"))
        {
            env.EnableCheckpointing(TimeSpan.FromMilliseconds(Within(args, "checkpoints", 10, 86_400_000)));
        }

        env.SetRuntimeMode(ModeOf(args));
        env.SetJobName($"nexmark {args["query"]}");
        query.Define(
            Events(env, args).WithUid("events"),
            new QueryOutput(args.Get("output", QueryOutput.Hash), args.GetBoolean("overwrite")));
    }

    // A misspelt argument would be one that is not given.
    private static void RefuseUnknown(JobArguments args)
    {
        if (args.Positional.Count > 0)
        {
            string first = args.Positional[0];
            throw new JobArgumentException(
                first, $"'{first}' belongs to no argument; each is written as '--name value'.");
        }

        if (args.Names.Except(Names).FirstOrDefault() is { } unknown)
        {
            throw new JobArgumentException(
                unknown, $"There is no argument '--{unknown}'; there are --{string.Join(", --", Names)}.");
        }
    }

    private static DataStream<Event> Events(StreamExecutionEnvironment env, JobArguments args)
    {
        var numbering = new EventNumbering(
            Within(args, "rate", 1, EventNumbering.MaxRate, EventNumbering.DefaultRate), GroupOf(args));
        long events = args.GetInt64("events", DefaultEvents);
        int group = numbering.OutOfOrderGroup;
        if (events < 0 || events % group != 0)
        {
            string needed = group == 1 ? "" : $" that is a multiple of the {group} of '--out-of-order'";
            throw new JobArgumentException(
                "events", $"The argument '--events' is {events}; a number from 0{needed} is needed.");
        }

        // The source gives events their times. Out of order, they are late by a known time at most.
        WatermarkStrategy<Event> strategy =
            WatermarkStrategy.ForBoundedOutOfOrderness<Event>(numbering.MaxOutOfOrderness);
        bool isPaced = args.GetBoolean("pace");
        return args.Get("generator", Seeded) switch
        {
            Seeded => env.FromSource(Source<JavaRandom>(), strategy),
            Fast => env.FromSource(Source<MixedRandom>(), strategy),
            string other => throw new JobArgumentException(
                "generator", $"The argument '--generator' is '{other}'; {Seeded} or {Fast} is needed."),
        };

        EventSource<TRandom> Source<TRandom>()
            where TRandom : struct, IEventRandom<TRandom> => new(numbering, EventTexts.All, events, isPaced);
    }

    // Not by the input: the benchmark is one of streams, though its events come to an end.
    private static RuntimeMode ModeOf(JobArguments args) => args.Get("mode", Streaming) switch
    {
        Streaming => RuntimeMode.Streaming,
        Batch => RuntimeMode.Batch,
        string other => throw new JobArgumentException(
            "mode", $"The argument '--mode' is '{other}'; {Streaming} or {Batch} is needed."),
    };

    private static int GroupOf(JobArguments args)
    {
        int group = Within(args, "out-of-order", 1, 1_000_000, 1);
        return EventNumbering.IsGroup(group)
            ? group
            : throw new JobArgumentException(
                "out-of-order",
                $"The argument '--out-of-order' is {group}, a multiple of 953, which would lose events; another "
                + "number is needed.");
    }

    private static int Within(JobArguments args, string name, int least, int most, int? defaultValue = null)
    {
        int value = args.GetInt32(name, defaultValue);
        return value >= least && value <= most
            ? value
            : throw new JobArgumentException(
                name, $"The argument '--{name}' is {value}; a number from {least} to {most} is needed.");
    }
}
