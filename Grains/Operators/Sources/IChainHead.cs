using Millrace.Batches;
using Millrace.Checkpointing;

namespace Millrace.Operators.Sources;

/// <summary>
/// What stands at the head of a chain: a source, or the input from other subtasks. Belongs to one loop.
/// </summary>
internal interface IChainHead : IDisposable
{
    /// <summary>Records taken or read so far.</summary>
    long Records { get; }

    /// <summary>Batches taken or read so far.</summary>
    long Batches { get; }

    /// <summary>The watermark that holds after everything taken or read so far, or
    /// <see cref="RecordBatch.NoWatermark"/>. From any thread.</summary>
    long Watermark => RecordBatch.NoWatermark;

    /// <summary>Whether nothing follows what was taken.</summary>
    bool HasSeenEnd { get; }

    /// <summary>How many splits were received; null where the head is no source with splits.</summary>
    SplitsReceived? SplitsReceived => null;

    /// <summary>When a barrier loses patience that has come, or waits, on all channels;
    /// <see cref="CheckpointBarrier.Never"/> when there is none.</summary>
    long OvertakesAt => CheckpointBarrier.Never;

    /// <summary>Looks for barriers that wait in the input, and lets one overtake it that has lost patience.</summary>
    /// <param name="now">A reading of the loop's clock.</param>
    void LookAhead(long now)
    {
    }

    /// <summary>Takes input as long as the round lasts and the outputs have room.</summary>
    HeadStatus Run();

    /// <summary>Of a source: nothing is read from now on, and time comes to its end. Said once, between two
    /// runs.</summary>
    /// <exception cref="InvalidOperationException">It is no source.</exception>
    void EndTime() => throw new InvalidOperationException("Time comes to its end at a source.");

    /// <summary>Where a record came from, for error messages.</summary>
    /// <param name="index">Index in the batch read last, or -1 for all of it.</param>
    /// <returns>Null when it is not known.</returns>
    string? DescribePosition(int index);
}
