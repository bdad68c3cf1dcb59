using Millrace.Batches;
using Millrace.Graph;
using Millrace.Network.InFlight;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Reads records that were in flight to one input of an operator, with the type that they have now.</summary>
internal sealed class InFlightReader<T>
{
    private readonly TypeSerializer<T> _serializer;
    private readonly BatchPool<T> _pool;

    /// <param name="section">The records.</param>
    /// <param name="to">The operator.</param>
    /// <param name="hasTimestamps">Whether they have timestamps where they go.</param>
    /// <param name="environment">What the chain is built from.</param>
    /// <exception cref="IncompatibleStateException">They have changed their type too much.</exception>
    public InFlightReader(InFlightSection section, StreamNode to, bool hasTimestamps, ChainEnvironment environment)
    {
        var shape = new RecordReader(section.Shape);
        try
        {
            _serializer = environment.Serializers.CreateReader<T>(ShapeCodec.Read(ref shape));
        }
        catch (IncompatibleShapeException exception)
        {
            throw new IncompatibleStateException(
                $"Records in flight to {to} were written with another type than the program has: " +
                $"{exception.Message}. Go on with the program that took the checkpoint, or from a savepoint, which " +
                "holds none.",
                exception);
        }

        _pool = new BatchPool<T>(
            BatchCapacity.Of<T>(targets: 1, environment.Graph.Settings.BatchSize),
            hasTimestamps ? BatchLayout.Timestamps : BatchLayout.None,
            environment.Batches);
    }

    /// <summary>The batches of one way, the oldest first. Whoever takes one holds it.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are no records.</exception>
    public IEnumerable<RecordBatch<T>> Read(InFlightPart part) =>
        part.Blocks.SelectMany(block => InFlightBlocks.Read(block, _serializer, _pool));
}
