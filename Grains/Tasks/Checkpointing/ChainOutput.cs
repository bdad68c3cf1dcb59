using Millrace.Batches;
using Millrace.Graph;
using Millrace.Network;
using Millrace.Network.InFlight;
using Millrace.Network.Partitioners;
using Millrace.Serialization;
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

    /// <summary>Whether barriers may overtake what waits.</summary>
    public abstract bool MayBeOvertaken { get; }

    /// <summary>Whether a barrier is where all consumers see it.</summary>
    public abstract bool HasSent(long checkpoint);

    /// <summary>Sends a barrier ahead of what waits, and records that by reference.</summary>
    public abstract void Overtake(long checkpoint, InFlightState into);

    /// <summary>Sends again what was waiting at one former subtask, before the first round.</summary>
    /// <param name="section">What it was.</param>
    /// <param name="former">Which subtask of how many.</param>
    /// <param name="own">Which one this is, of how many.</param>
    /// <returns>False when none of it belongs to this edge.</returns>
    /// <exception cref="IncompatibleShapeException">The records have changed their shape too much.</exception>
    /// <exception cref="RecordCorruptedException">The bytes are no records.</exception>
    public abstract bool Restore(InFlightSection section, SubtaskPlace former, SubtaskPlace own);
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
    private readonly string _edge = ChainEdges.NameOf(edge);

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
            ways.Add(new InFlightWay(_edge, target, output.Targets, records));
        }

        into.Add(Operator, Input, () => serializer.Shape, ways);
    }

    public override bool Restore(InFlightSection section, SubtaskPlace former, SubtaskPlace own)
    {
        bool isAny = false;
        foreach (InFlightPart part in section.Parts.Where(part => part.Edge == _edge))
        {
            isAny = true;
            Restore(section, part, former, own);
        }

        return isAny;
    }

    private void Restore(InFlightSection section, InFlightPart part, SubtaskPlace former, SubtaskPlace own)
    {
        bool isSame = former == own && part.Subtasks == output.Targets;
        bool isBroadcast = spec.Partitioner == PartitionerKind.Broadcast;
        if (!isSame && former.Index % own.Count != own.Index)
        {
            return;
        }

        var shape = new RecordReader(section.Shape);
        TypeSerializer<T> serializer = environment.Serializers.CreateReader<T>(ShapeCodec.Read(ref shape));
        BatchPool<T> pool = new(
            BatchCapacity.Of<T>(targets: 1, environment.Graph.Settings.BatchSize),
            spec.HasTimestamps ? BatchLayout.Timestamps : BatchLayout.None,
            environment.Batches);
        foreach (RecordBatch<T> batch in part.Blocks.SelectMany(block => InFlightBlocks.Read(block, serializer, pool)))
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
