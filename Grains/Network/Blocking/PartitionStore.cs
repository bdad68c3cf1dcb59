using System.Diagnostics.CodeAnalysis;
using Millrace.Execution;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Network.Exchange.Frames;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>The partitions of a silo: what finished producers have left for consumers that come later. One per silo.
/// Thread-safe.</summary>
/// <remarks>A partition belongs to its producer until that has ended; then to the job, which removes it when it was
/// read, and to the silo, which removes it when the job is over or somebody newer is in charge of it.</remarks>
internal sealed class PartitionStore(IExecution execution, SpillSpace space, BufferAccount buffers) : IDisposable
{
    private const int MostWriteBytes = 8 << 20;
    private const int LeastWriteBytes = 4 << 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionId, Partition> _partitions = [];
    private long _memory;

    public IExecution Execution => execution;

    public SpillSpace Space => space;

    /// <summary>Counts the blocks that are out.</summary>
    public BufferAccount Buffers => buffers;

    /// <summary>Bytes in memory, over all partitions.</summary>
    public long MemoryBytes => Interlocked.Read(ref _memory);

    /// <summary>Partitions that stand here, complete or not.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _partitions.Count;
            }
        }
    }

    /// <summary>Bytes that one partition gathers before it writes them to the file, when memory allows.</summary>
    public int WriteBytes =>
        (int)Math.Clamp(space.Options.PartitionMemoryBytes / 8, LeastWriteBytes, MostWriteBytes);

    /// <summary>Whether what is gathered has to go to the disk earlier.</summary>
    public bool IsOverMemory => MemoryBytes > space.Options.PartitionMemoryBytes;

    /// <summary>A new partition, of a producer that is being built.</summary>
    public Partition Create(BlockingOutput output, int targets, bool isShared)
    {
        Partition made = new(output.Id, output.Epoch, output.FirstConsumer, targets, isShared)
        {
            MemoryFreed = bytes => Interlocked.Add(ref _memory, -bytes),
            FreeFile = file => _ = execution.RunAsync(() =>
            {
                file.Dispose();
                return Task.CompletedTask;
            }),
        };
        lock (_lock)
        {
            return _partitions.TryAdd(output.Id, made)
                ? made
                : throw new InvalidOperationException(
                    $"Partition {output.Id} is being written already; an attempt is deployed once.");
        }
    }

    /// <summary>The partition of that id.</summary>
    public bool TryFind(PartitionId id, [NotNullWhen(true)] out Partition? partition)
    {
        lock (_lock)
        {
            return _partitions.TryGetValue(id, out partition);
        }
    }

    /// <summary>The partition of that id.</summary>
    /// <exception cref="PartitionLostException">It is not here.</exception>
    public Partition Find(PartitionId id) =>
        TryFind(id, out Partition? partition) ? partition : throw new PartitionLostException(id, "it is not here");

    /// <summary>Removes a partition.</summary>
    public void Release(PartitionId id)
    {
        Partition? removed;
        lock (_lock)
        {
            _partitions.Remove(id, out removed);
        }

        removed?.Release();
    }

    /// <summary>Removes what a job's epoch, and older ones, have had written.</summary>
    public void Release(JobId job, JobEpoch epoch)
    {
        Partition[] removed;
        lock (_lock)
        {
            removed = [.. _partitions.Values.Where(held => held.Id.Producer.Job == job && held.Epoch <= epoch)];
            foreach (Partition partition in removed)
            {
                _partitions.Remove(partition.Id);
            }
        }

        Array.ForEach(removed, static partition => partition.Release());
    }

    /// <summary>Jobs that have partitions here.</summary>
    public IReadOnlyList<JobId> Jobs()
    {
        lock (_lock)
        {
            return [.. _partitions.Keys.Select(static id => id.Producer.Job).Distinct()];
        }
    }

    /// <summary>Removes everything.</summary>
    public void Dispose()
    {
        Partition[] removed;
        lock (_lock)
        {
            removed = [.. _partitions.Values];
            _partitions.Clear();
        }

        Array.ForEach(removed, static partition => partition.Release());
        space.Dispose();
    }

    internal void CountMemory(long bytes) => Interlocked.Add(ref _memory, bytes);
}
