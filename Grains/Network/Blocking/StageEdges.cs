using System.Net;
using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network.Exchange;
using Millrace.Serialization;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>The edges between stages, as a silo sees them: written into partitions, and read from there. One per silo.
/// Thread-safe.</summary>
/// <param name="options">What may wait between subtasks.</param>
/// <param name="exchange">The way to other silos, or null.</param>
/// <param name="partitions">Where partitions stand, or null when this silo runs no stages.</param>
internal sealed class StageEdges(NetworkOptions options, IExchange? exchange, PartitionStore? partitions)
{
    private const int MostChunkBytes = 256 << 10;
    private const int LeastChunkBytes = 16 << 10;
    private const int GateBytes = 8 << 20;

    private PartitionStore Store => partitions
        ?? throw new InvalidOperationException("A job in batch mode came to a silo that keeps nothing aside for it.");

    /// <summary>Where what does not fit the memory is kept aside.</summary>
    public SpillSpace Space => Store.Space;

    /// <summary>The ways of an output into its partition.</summary>
    public IEnumerable<ISubpartition<T>> Write<T>(OutputSpec spec, TypeSerializer<T> serializer, Producer producer)
    {
        bool isShared = spec.Partitioner == PartitionerKind.Broadcast;
        Partition partition = Store.Create(spec.Blocking!, spec.Targets.Count, isShared);

        // What goes to all is written once, and read by all.
        int targets = isShared ? 1 : spec.Targets.Count;
        PartitionWriter writer = new(partition, Store, producer, targets);
        int maxRecordBytes = (exchange?.Options ?? new ExchangeOptions()).MaxRecordBytes;
        BatchEncoder<T> encoder = new(serializer, spec.HasTimestamps, maxRecordBytes, spec.Name, Store.Buffers);
        return Enumerable.Range(0, targets).Select(target => new BlockingSubpartition<T>(writer, encoder, target));
    }

    /// <summary>Reads a partition of this silo.</summary>
    /// <exception cref="PartitionLostException">It is not here.</exception>
    public IInputChannel Read<T>(ChannelId id, InputGateSpec spec, SerializerSet serializers, BatchAccount account)
    {
        // One is read while the one before is decoded.
        int chunk = Math.Clamp(GateBytes / (2 * spec.Channels.Count), LeastChunkBytes, MostChunkBytes);
        PartitionCursor cursor = Store.Find(new PartitionId(id.Edge, id.Producer))
            .Open(id.Consumer, chunk, Store);
        BatchPool<T> pool = new(
            BatchCapacity.Of<T>(targets: 1, spec.BatchSize),
            spec.HasTimestamps ? BatchLayout.Timestamps : BatchLayout.None,
            account);
        return new LocalPartitionChannel<T>(id, cursor, new BatchDecoder<T>(serializers.Get<T>(), pool), Store);
    }

    /// <summary>Begins to send partitions to consumers on other silos.</summary>
    /// <param name="order">Which ones, and to whom.</param>
    /// <param name="endPointOf">Where an exchange listens.</param>
    /// <param name="failed">Told when a consumer will not get all it waits for.</param>
    /// <returns>Partitions that are not here.</returns>
    public IReadOnlyList<PartitionId> Send(
        PartitionOrder order, Func<string, EndPoint> endPointOf, Action<ExecutionAttemptId, Exception> failed)
    {
        List<PartitionId> missing = [];
        foreach (PartitionId id in order.Partitions)
        {
            try
            {
                Partition partition = Store.Find(id);
                foreach (PartitionReader reader in order.Readers.Where(one => partition.IsFor(one.Consumer.Subtask)))
                {
                    Send(partition, reader.Consumer, endPointOf(reader.Exchange), failed);
                }
            }
            catch (PartitionLostException)
            {
                missing.Add(id);
            }
        }

        return missing;
    }

    /// <summary>Removes partitions that nobody will read any more.</summary>
    public void Release(IEnumerable<PartitionId> ids)
    {
        foreach (PartitionId id in ids)
        {
            partitions?.Release(id);
        }
    }

    /// <summary>Removes what a job's epoch, and older ones, have left.</summary>
    public void Release(JobId job, JobEpoch epoch) => partitions?.Release(job, epoch);

    /// <summary>Jobs that have left something here.</summary>
    public IReadOnlyList<JobId> Jobs() => partitions?.Jobs() ?? [];

    private void Send(
        Partition partition, ExecutionAttemptId consumer, EndPoint silo, Action<ExecutionAttemptId, Exception> failed)
    {
        IExchange way = exchange
            ?? throw new InvalidOperationException("A partition is to be sent to another silo; there is no exchange.");
        int mark = options.MaxQueuedBytes;
        PartitionCursor cursor = partition.Open(consumer, Math.Min(mark, MostChunkBytes), Store);
        if (!partition.TrySend(consumer))
        {
            cursor.Dispose();
            return;
        }

        ChannelId channel = new(partition.Id.Edge, partition.Id.Producer, consumer);
        PartitionPump pump = new(channel, cursor, way, silo, mark);
        _ = Store.Execution.RunAsync(async () =>
        {
            try
            {
                await pump.RunAsync();
            }
#pragma warning disable CA1031 // Whatever it is, the consumer waits for what will not come.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed(consumer, exception);
            }
        });
    }
}
