using Millrace.Batches;
using Millrace.Graph;
using Millrace.Network;
using Millrace.Network.InFlight;
using Millrace.Operators;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots.Subtasks;
using Millrace.Tasks.Input;

namespace Millrace.Tasks.Checkpointing;

/// <summary>One input of an operator in a chain, as checkpoints see it: what is in flight to it can be recorded, and
/// put back. Belongs to the loop.</summary>
/// <param name="node">The operator.</param>
/// <param name="number">Zero-based input of it.</param>
internal abstract class ChainInput(StreamNode node, int number)
{
    /// <summary>The operator, as 32 hexadecimal digits.</summary>
    public string Operator { get; } = node.Id.ToString();

    /// <summary>Zero-based input of it.</summary>
    public int Number => number;

    /// <summary>Whether nothing waits in front of the operator.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Whether what waits in front of the operator can be recorded: its records have a serializer, and it does
    /// not matter which edge they have come on.</summary>
    public abstract bool CanRecord { get; }

    /// <summary>Edges that lead here.</summary>
    protected IEnumerable<StreamEdge> Edges => node.Inputs.Where(edge => edge.Input == number);

    /// <summary>Records by reference what is in flight to the operator at the cut.</summary>
    /// <param name="into">Takes it, if there is something.</param>
    public abstract void Record(InFlightState into);

    /// <summary>Puts back what was in flight to one former subtask, before the first round.</summary>
    /// <param name="section">What it was.</param>
    /// <param name="heir">Which subtask takes over what was which one's.</param>
    /// <exception cref="IncompatibleStateException">The records have changed their type too much, or they have come to
    /// a subtask that does not have their keys.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no records.</exception>
    public abstract void Restore(InFlightSection section, InFlightHeir heir);
}

/// <summary>An input with its type.</summary>
/// <param name="node">The operator.</param>
/// <param name="number">Zero-based input of it.</param>
/// <param name="input">What waits in front of the operator.</param>
/// <param name="environment">What the chain is built from.</param>
internal sealed class ChainInput<T>(
    StreamNode node, int number, OperatorInput<T> input, ChainEnvironment environment)
    : ChainInput(node, number)
{
    private readonly StreamNode _node = node;
    private readonly bool _hasTimestamps = node.InputHasTimestamps;
    private readonly bool _isPlaced = InFlightShare<T>.DependsOnEdge(node.Inputs.Where(edge => edge.Input == number));
    private TypeSerializer<T>? _serializer;
    private bool _isRefused;
    private GateSide<T>? _side;
    private InputGateSpec? _spec;

    /// <summary>What waits in front of the operator.</summary>
    public OperatorInput<T> Input => input;

    public override bool IsEmpty => input.IsEmpty;

    // With other subtasks, where a record goes that was taken in front of the operator depends on how it came: where
    // that differs, none is recorded.
    public override bool CanRecord => HasSerializer && !_isPlaced;

    private bool HasSerializer
    {
        get
        {
            if (_serializer is null && !_isRefused)
            {
                try
                {
                    _serializer = environment.Serializers.Get<T>();
                }
                catch (UnsupportedTypeException)
                {
                    // Within a chain records may be whatever they like.
                    _isRefused = true;
                }
            }

            return !_isRefused;
        }
    }

    /// <summary>The channels it is read from, when the operator is the head of its chain.</summary>
    public void ReadFrom(GateSide<T> side, InputGateSpec spec)
    {
        _side = side;
        _spec = spec;
        if (environment.Graph.Settings.Checkpoints is { MayOvertake: true } && !HasSerializer)
        {
            side.LetNothingOvertake();
        }
    }

    public override void Record(InFlightState into)
    {
        List<InFlightWay> ways = [];
        if (!input.IsEmpty)
        {
            InFlightRecords rest = Begin();
            foreach (WaitingRecords waiting in input.Waiting)
            {
                if (waiting.Batch is { } batch)
                {
                    rest.Add(batch, waiting.First, waiting.Watermark);
                }
                else
                {
                    rest.AddWatermark(waiting.Watermark);
                }
            }

            ways.Add(new InFlightWay("", 0, 1, rest));
        }

        for (int channel = 0; channel < (_spec?.Channels.Count ?? 0); channel++)
        {
            if (_side!.IsOvertaken(channel))
            {
                InputChannelSpec spec = _spec!.Channels[channel];
                InFlightRecords records = Begin();
                _side.Record(channel, records);
                ways.Add(new InFlightWay(spec.Way.Edge, spec.Id.Producer.Subtask, spec.Way.Producers, records));
            }
        }

        into.Add(Operator, Number, () => _serializer!.Shape, ways);
    }

    public override void Restore(InFlightSection section, InFlightHeir heir)
    {
        InFlightReader<T> reader = new(section, _node, _hasTimestamps, environment);
        foreach (InFlightPart part in section.Parts)
        {
            InFlightShare<T> share = ShareOf(part, heir);
            if (!heir.IsSame && !share.HasAny)
            {
                continue;
            }

            int channel = heir.IsSame ? ChannelOf(part) : -1;
            foreach (RecordBatch<T> batch in reader.Read(part))
            {
                Choose(batch, share, heir);
                Put(batch, channel, keepsTime: heir.IsSame && part.Edge.Length == 0);
            }
        }
    }

    private void Choose(RecordBatch<T> batch, InFlightShare<T> share, InFlightHeir heir)
    {
        if (heir is { IsSame: true, IsOtherProgram: false })
        {
            return;
        }

        int all = batch.Count;
        share.Keep(batch);
        if (heir.IsSame && batch.Count < all)
        {
            batch.Release();
            throw new IncompatibleStateException(
                $"Records in flight to {_node} have keys by which they belong to other subtasks than those they were " +
                "on their way to: the program has another key in front of it than the one that took the checkpoint. " +
                "Go on with that one, or from a savepoint, which holds no records in flight.");
        }
    }

    private InFlightRecords<T> Begin() => new(_serializer ?? environment.Serializers.Get<T>(), _hasTimestamps);

    // The watermarks on a way hold for what follows on it; with other subtasks at its ends nobody knows what does.
    private void Put(RecordBatch<T> batch, int channel, bool keepsTime)
    {
        if (channel >= 0)
        {
            _side!.Restore(channel, batch);
            return;
        }

        long watermark = keepsTime ? batch.Watermark : RecordBatch.NoWatermark;
        if (batch.Count > 0)
        {
            input.Add(batch, watermark);
            return;
        }

        batch.Release();
        if (watermark != RecordBatch.NoWatermark)
        {
            input.Add(watermark);
        }
    }

    private int ChannelOf(InFlightPart part)
    {
        for (int channel = 0; channel < (_spec?.Channels.Count ?? 0); channel++)
        {
            InputChannelSpec spec = _spec!.Channels[channel];
            if (spec.Way.Edge == part.Edge
                && spec.Way.Producers == part.Subtasks
                && spec.Id.Producer.Subtask == part.Subtask)
            {
                return channel;
            }
        }

        return -1;
    }

    private InFlightShare<T> ShareOf(InFlightPart part, InFlightHeir heir)
    {
        StreamEdge? edge = Edges.FirstOrDefault(one => one.Name == part.Edge) ?? Edges.FirstOrDefault();
        return new InFlightShare<T>(
            edge?.Partition as PartitionTransformation<T>,
            environment.Serializers,
            environment.Vertex.MaxParallelism,
            heir.Former.Index + part.Subtask,
            heir.Former,
            heir.Own);
    }
}
