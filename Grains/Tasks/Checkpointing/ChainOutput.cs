using Millrace.Batches;
using Millrace.Graph;
using Millrace.Network;
using Millrace.Network.InFlight;
using Millrace.Network.Partitioners;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>One way of a chain to other subtasks, as checkpoints see it: what waits here to be sent can be recorded,
/// and sent again. Belongs to the loop.</summary>
/// <param name="edge">The edge.</param>
internal abstract class ChainOutput(StreamEdge edge)
{
    /// <summary>The operator it leads to, as 32 hexadecimal digits.</summary>
    public string Operator { get; } = edge.To.Id.ToString();

    /// <summary>Zero-based input of it.</summary>
    public int Input => edge.Input;

    /// <summary>The edge's name.</summary>
    public string Edge { get; } = edge.Name;

    /// <summary>Whether barriers may overtake what waits.</summary>
    public abstract bool MayBeOvertaken { get; }

    /// <summary>Whether a barrier is where all consumers see it.</summary>
    public abstract bool HasSent(long checkpoint);

    /// <summary>Sends a barrier ahead of what waits, and records that by reference.</summary>
    public abstract void Overtake(long checkpoint, InFlightState into);

    /// <summary>Sends again what was waiting at one former subtask, before the first round.</summary>
    /// <param name="section">What it was, all of it on this edge.</param>
    /// <param name="heir">Which subtask takes over what was which one's.</param>
    /// <exception cref="IncompatibleStateException">The records have changed their type too much.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no records.</exception>
    public abstract void Restore(InFlightSection section, InFlightHeir heir);
}

/// <summary>A way to other subtasks with its type.</summary>
/// <param name="edge">The edge.</param>
/// <param name="output">Its producing end.</param>
/// <param name="spec">What that was made from.</param>
/// <param name="environment">What the chain is built from.</param>
internal sealed class ChainOutput<T>(
    StreamEdge edge, PartitionOutput<T> output, OutputSpec spec, ChainEnvironment environment)
    : ChainOutput(edge)
{
    private readonly StreamNode _to = edge.To;

    public override bool MayBeOvertaken { get; } = ChainEdges.MayBeOvertaken(spec.Partitioner);

    public override bool HasSent(long checkpoint) => output.HasSent(checkpoint);

    public override void Overtake(long checkpoint, InFlightState into)
    {
        TypeSerializer<T> serializer = environment.Serializers.Get<T>();
        List<InFlightWay> ways = [];
        for (int target = 0; target < output.Targets; target++)
        {
            InFlightRecords<T> records = new(serializer, spec.HasTimestamps);
            output.Overtake(target, checkpoint, records);
            ways.Add(new InFlightWay(Edge, target, output.Targets, records));
        }

        into.Add(Operator, Input, () => serializer.Shape, ways);
    }

    public override void Restore(InFlightSection section, InFlightHeir heir)
    {
        if (!heir.IsSame && heir.Former.Index % heir.Own.Count != heir.Own.Index)
        {
            return;
        }

        InFlightReader<T> reader = new(section, _to, spec.HasTimestamps, environment);
        foreach (InFlightPart part in section.Parts)
        {
            Restore(part, reader, heir);
        }
    }

    // Of another program nobody knows whether it still has the same keys.
    private void Restore(InFlightPart part, InFlightReader<T> reader, InFlightHeir heir)
    {
        bool isSame = heir.IsSame
            && part.Subtasks == output.Targets
            && !(heir.IsOtherProgram && spec.Partitioner == PartitionerKind.Hash);
        bool isBroadcast = spec.Partitioner == PartitionerKind.Broadcast;
        foreach (RecordBatch<T> batch in reader.Read(part))
        {
            if (isSame)
            {
                output.Restore(part.Subtask, batch);
            }
            else
            {
                // With other subtasks at the ends of an edge nobody knows what follows on its ways.
                batch.Watermark = RecordBatch.NoWatermark;
                Scatter(batch, isBroadcast ? part : null);
            }
        }
    }

    // Of what is broadcast, each target gets what was on its way to the one whose copy of the state it takes over.
    private void Scatter(RecordBatch<T> batch, InFlightPart? copies)
    {
        if (batch.Count == 0)
        {
            batch.Release();
            return;
        }

        if (copies is null)
        {
            output.Emit(batch);
            return;
        }

        for (int target = copies.Subtask; target < output.Targets; target += copies.Subtasks)
        {
            batch.Retain();
            output.Restore(target, batch);
        }

        batch.Release();
    }
}
