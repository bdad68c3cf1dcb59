using System.Globalization;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Reading;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Simulation;

namespace Millrace.Examples.Nexmark.Checkpointing;

/// <summary>A query over events that come at their own pace, with something in front of it that looks at them or
/// fails.</summary>
/// <param name="Query">Its name.</param>
/// <param name="Events">How many events there are.</param>
/// <param name="Rate">Events a second of event time.</param>
internal sealed record CheckpointedQuery(string Query, int Events, int Rate)
{
    /// <summary>Defines it.</summary>
    /// <param name="env">Gets it.</param>
    /// <param name="pass">What is in front of the query.</param>
    /// <param name="output">Where the rows go.</param>
    public void Define(
        StreamExecutionEnvironment env,
        Func<DataStream<Event>, DataStream<Event>> pass,
        string output = QueryOutput.Hash)
    {
        EventNumbering numbering = new(Rate);
        DataStream<Event> events = env.SetRuntimeMode(RuntimeMode.Streaming).FromSource(
            new EventSource<JavaRandom>(numbering, EventTexts.All, Events, isPaced: true),
            WatermarkStrategy.ForBoundedOutOfOrderness<Event>(numbering.MaxOutOfOrderness));
        NexmarkQueries.Create(Query).Define(pass(events), new QueryOutput(output, overwrite: false));
    }

    /// <summary>Rows and hash of a simulated job that has finished.</summary>
    public static string ResultOf(SimulatedCluster cluster)
    {
        Dictionary<string, AccumulatorValue> values =
            cluster.Outcome!.Accumulators.ToDictionary(value => value.Name);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"rows={values[ResultNames.Rows].Long} hash={values[ResultNames.Hash].Long:x16}");
    }
}
