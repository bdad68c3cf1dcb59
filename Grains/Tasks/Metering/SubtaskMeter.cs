using System.Collections.Immutable;
using System.Globalization;
using Millrace.Batches;
using Millrace.Metrics;
using Millrace.Network;
using Millrace.Operators.Sinks;

namespace Millrace.Tasks.Metering;

/// <summary>Reads the figures of one subtask where its loop writes them. Thread-safe, and takes no lock.</summary>
internal sealed class SubtaskMeter
{
    private readonly SubtaskRunner _subtask;
    private readonly OperatorChain _chain;
    private readonly TaskMailbox _mailbox;
    private readonly SubtaskTimes _times;
    private readonly EdgeLink[] _edges;
    private readonly KeyValuePair<string, object?>[] _tags;

    public SubtaskMeter(SubtaskRunner subtask, OperatorChain chain, TaskMailbox mailbox, SubtaskTimes times)
    {
        _subtask = subtask;
        _chain = chain;
        _mailbox = mailbox;
        _times = times;
        _edges = [.. chain.Links.Inputs.SelectMany(InputEdges), .. chain.Links.Outputs.Select(EdgeLink.Of)];
        SubtaskInfo info = subtask.Info;
        _tags =
        [
            new(MetricTags.Job, info.Attempt.Job.ToString()),
            new(MetricTags.JobName, info.JobName),
            new(MetricTags.Vertex, info.Vertex.Id.ToString()),
            new(MetricTags.Operator, info.Vertex.Name),
            new(MetricTags.Subtask, info.Attempt.Subtask.ToString(CultureInfo.InvariantCulture)),
            new(MetricTags.Silo, info.Silo),
        ];
    }

    /// <summary>Everything but channels.</summary>
    public TaskMetrics Read()
    {
        EdgeCounts input = default;
        foreach (InputLink link in _chain.Links.Inputs)
        {
            input += link.Gate.Counts;
        }

        EdgeCounts output = default;
        long watermark = long.MaxValue;
        foreach (OutputLink link in _chain.Links.Outputs)
        {
            output += link.Output.Counts;
            watermark = Math.Min(watermark, link.Output.Watermark);
        }

        long written = 0;
        foreach (ISinkResult sink in _chain.Sinks)
        {
            written += sink.Written;
        }

        ElapsedTimes times = _times.Read();
        return new TaskMetrics(
            _subtask.Info.Attempt,
            _subtask.State,
            _chain.Head.Records,
            output.Records + written,
            _chain.Head.Batches,
            times.Busy,
            times.Backpressured,
            times.Idle)
        {
            BatchesOut = output.Batches,
            BytesIn = input.Bytes,
            BytesOut = output.Bytes,
            ProcessorNanoseconds = _subtask.ProcessorNanoseconds,
            QueuedIn = input.Queued,
            QueuedOut = output.Queued,
            QueuedOutBytes = output.QueuedBytes,
            Mailbox = _mailbox.Count,
            InputWatermark = Known(_chain.Head.Watermark),
            OutputWatermark = Known(watermark),
            LookupHits = _chain.Lookups.Sum(lookup => lookup.Hits),
            LookupMisses = _chain.Lookups.Sum(lookup => lookup.Misses),
            LookupEvictions = _chain.Lookups.Sum(lookup => lookup.Evictions),
        };
    }

    /// <summary>What it ended with: what still waits in its channels is on its way without it.</summary>
    public TaskMetrics ReadLast() =>
        Read() with { QueuedIn = 0, QueuedOut = 0, QueuedOutBytes = 0, Mailbox = 0 };

    /// <summary>Its edges with all their channels.</summary>
    public ImmutableArray<EdgeMetrics> Edges() => [.. _edges.Select(edge => edge.Read(withChannels: true))];

    /// <summary>What its instruments show.</summary>
    public SubtaskReading Reading() => new(
        _tags,
        Read(),
        [.. _edges.Select(edge => edge.Read(withChannels: false))]);

    private static long? Known(long watermark) =>
        watermark is RecordBatch.NoWatermark or long.MaxValue ? null : watermark;

    private static IEnumerable<EdgeLink> InputEdges(InputLink input) =>
        input.Spec.Channels
            .Select((channel, index) => (channel.Id, channel.IsRemote, Index: index))
            .GroupBy(channel => channel.Id.Edge)
            .Select(edge => new EdgeLink(
                edge.Key,
                EdgeEnd.Input,
                [.. edge.Select(channel => new ChannelLink(channel.Id.Producer, channel.IsRemote, channel.Index))],
                input.Gate.CountsOf));

    /// <summary>A channel by its number at this end.</summary>
    private readonly record struct ChannelLink(ExecutionAttemptId Peer, bool IsRemote, int Index);

    /// <summary>One edge: which channels it has, and where their counts are.</summary>
    private sealed record EdgeLink(int Edge, EdgeEnd End, ChannelLink[] Channels, Func<int, EdgeCounts> CountsOf)
    {
        public static EdgeLink Of(OutputLink link) => new(
            link.Spec.Edge,
            EdgeEnd.Output,
            [
                .. link.Spec.Targets.Select((target, index) =>
                    new ChannelLink(target.Channel.Consumer, target.Remote is not null, index)),
            ],
            link.Output.CountsOf);

        public EdgeMetrics Read(bool withChannels)
        {
            EdgeCounts total = default;
            var channels = ImmutableArray.CreateBuilder<ChannelMetrics>(withChannels ? Channels.Length : 0);
            foreach (ChannelLink channel in Channels)
            {
                EdgeCounts counts = CountsOf(channel.Index);
                total += counts;
                if (withChannels)
                {
                    channels.Add(new ChannelMetrics(channel.Peer, channel.IsRemote, FlowOf(counts)));
                }
            }

            return new EdgeMetrics(Edge, End, FlowOf(total), channels.MoveToImmutable());
        }

        private static FlowMetrics FlowOf(EdgeCounts counts) =>
            new(counts.Records, counts.Batches, counts.Bytes, counts.Queued, counts.QueuedBytes);
    }
}
