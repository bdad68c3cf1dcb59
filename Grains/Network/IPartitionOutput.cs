using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network;

/// <summary>One way of a subtask to other subtasks, whatever its records are. Belongs to the producing loop.</summary>
internal interface IPartitionOutput : IDisposable
{
    /// <summary>Whether another unit of work may begin. Asked in every round, so that a broken channel is
    /// noticed.</summary>
    /// <exception cref="SiloConnectionLostException">The silo of a target is gone.</exception>
    bool IsAvailable { get; }

    /// <summary>After the end of data: whether the producer may end. If not, the loop is woken when that has
    /// changed.</summary>
    /// <exception cref="Failures.StreamingException">What was written could not be kept.</exception>
    bool IsComplete { get; }

    /// <summary>Whether records or a watermark wait for more.</summary>
    bool HasPartial { get; }

    /// <summary>What was handed over to all targets, and what waits there. From any thread.</summary>
    EdgeCounts Counts { get; }

    /// <summary>What was handed over to one target, and what waits there. From any thread.</summary>
    EdgeCounts CountsOf(int target);

    /// <summary>The watermark that holds after everything written so far, or
    /// <see cref="RecordBatch.NoWatermark"/>. From any thread.</summary>
    long Watermark { get; }

    /// <summary>Number of targets.</summary>
    int Targets { get; }

    /// <summary>While a function of the program chooses targets, and after it has thrown: the operator it chooses them
    /// for, as the program names it. Else null.</summary>
    string? ChoosesFor { get; }

    /// <summary>Whether the barrier of a checkpoint is where all targets see it, with what stands in front of it. The
    /// loop is woken when that has changed.</summary>
    bool HasSent(long checkpoint);

    /// <summary>Sends a barrier, which was emitted before, to a target ahead of what still waits for it here, and
    /// records that by reference; it stays to be sent.</summary>
    void Overtake(int target, long checkpoint, InFlightRecords into);

    /// <summary>Puts a control element behind everything written before, on the way to each target.</summary>
    void Emit(StreamElement control);

    /// <summary>Hands over what waits for more: when the loop has nothing else to do, and after the buffer
    /// timeout.</summary>
    void FlushPartial();

    /// <summary>Opens the channels to other silos; local ones need none. Records may be emitted meanwhile.</summary>
    /// <exception cref="SiloConnectionLostException">The silo of a target cannot be reached, or refuses.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);
}
