using Millrace.Batches;
using Millrace.Network.InFlight;

namespace Millrace.Network.Partitioners;

/// <summary>Writes to other subtasks: each record to those its partitioner chooses.</summary>
/// <remarks>
/// <para>
/// A control element goes to all targets, behind everything written before. A watermark waits for the next batch of
/// each target and rides on it; a flush sends it on an empty batch where none came.
/// </para>
/// <para>Disposal after <see cref="EndOfData"/> lets what waits reach its targets; disposal without it drops
/// that.</para>
/// </remarks>
internal abstract class PartitionOutput<T> : Output<T>, IPartitionOutput
{
    private readonly Producer _producer;
    private readonly ISubpartition<T>[] _targets;
    private readonly long[] _watermarkSent;

    // Targets that had no room when something was added; each stands here once.
    private readonly int[] _full;
    private readonly bool[] _isFull;
    private int _fullCount;

    private readonly bool _takesBorrowed;
    private bool _watermarkWaits;
    private bool _disposed;

    protected PartitionOutput(OutputParts<T> parts)
        : base(parts.Pool)
    {
        _producer = parts.Producer;
        _targets = parts.Targets;
        _watermarkSent = new long[_targets.Length];
        Array.Fill(_watermarkSent, RecordBatch.NoWatermark);
        _full = new int[_targets.Length];
        _isFull = new bool[_targets.Length];
        _takesBorrowed = Array.TrueForAll(_targets, static target => target.TakesBorrowed);
    }

    /// <inheritdoc/>
    public string? ChoosesFor { get; protected set; }

    /// <inheritdoc/>
    public sealed override bool IsAvailable
    {
        get
        {
            if (_producer.Failure is Exception failure)
            {
                throw failure;
            }

            while (_fullCount > 0)
            {
                int target = _full[_fullCount - 1];
                if (!_targets[target].IsAvailable)
                {
                    return false;
                }

                _isFull[target] = false;
                _fullCount--;
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public override bool TakesBorrowed => _takesBorrowed;

    /// <inheritdoc/>
    public bool IsComplete
    {
        get
        {
            if (_producer.Failure is Exception failure)
            {
                throw failure;
            }

            return Array.TrueForAll(_targets, static target => target.IsComplete);
        }
    }

    /// <inheritdoc/>
    public bool HasPartial => _watermarkWaits || Batch.Count > 0 || HasOpenBatches;

    /// <inheritdoc/>
    public EdgeCounts Counts => _targets.Aggregate(default(EdgeCounts), (sum, target) => sum + target.Counts);

    /// <inheritdoc/>
    public EdgeCounts CountsOf(int target) => _targets[target].Counts;

    /// <inheritdoc/>
    public long Watermark { get; private set; } = RecordBatch.NoWatermark;

    /// <inheritdoc/>
    public int Targets => _targets.Length;

    /// <summary>Whether batches are being filled beside <see cref="Output{T}.Batch"/>.</summary>
    protected virtual bool HasOpenBatches => false;

    /// <inheritdoc/>
    public sealed override void EndRound()
    {
        // What was written waits for more: the loop flushes when it has nothing else to do.
    }

    /// <inheritdoc/>
    public void FlushPartial()
    {
        if (!HasPartial)
        {
            return;
        }

        Deliver();
        HandOverOpen();
        if (_watermarkWaits)
        {
            SendWatermark();
        }
    }

    /// <inheritdoc/>
    public sealed override void Emit(StreamElement control)
    {
        FlushPartial();
        foreach (ISubpartition<T> target in _targets)
        {
            target.Add(control);
        }
    }

    /// <inheritdoc/>
    public bool HasSent(long checkpoint)
    {
        foreach (ISubpartition<T> target in _targets)
        {
            if (!target.HasSent(checkpoint))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Overtake(int target, long checkpoint, InFlightRecords into) =>
        _targets[target].Overtake(checkpoint, into);

    /// <summary>Before anything is emitted: hands a batch that was in flight to the target it was on its way to. The
    /// reference moves.</summary>
    public void Restore(int target, RecordBatch<T> batch)
    {
        _targets[target].Add(batch);
        NoteRoom(target);
    }

    /// <inheritdoc/>
    public sealed override void EmitWatermark(long timestamp)
    {
        if (Batch.Count == 0)
        {
            Hold(timestamp);
            return;
        }

        // Not before the records written so far are with their targets: until then it stays behind them.
        Batch.Watermark = Math.Max(Batch.Watermark, timestamp);
    }

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_targets.Select(target => target.ConnectAsync(cancellationToken)));

    /// <inheritdoc/>
    public sealed override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        base.Dispose();
        ReleaseOpen();
        foreach (ISubpartition<T> target in _targets)
        {
            target.ReleaseProducer();
        }
    }

    /// <summary>Takes a watermark that holds after everything put to a target so far.</summary>
    protected void Hold(long timestamp)
    {
        if (timestamp > Watermark)
        {
            Watermark = timestamp;
            _watermarkWaits = true;
        }
    }

    /// <summary>Hands over the batches being filled.</summary>
    protected virtual void HandOverOpen()
    {
    }

    /// <summary>Gives back the batches being filled.</summary>
    protected virtual void ReleaseOpen()
    {
    }

    /// <summary>Hands a batch to a target, with the watermark. The reference moves.</summary>
    protected void HandOver(int target, RecordBatch<T> batch)
    {
        if (_watermarkSent[target] < Watermark)
        {
            Ride(target, batch);
        }

        _targets[target].Add(batch);
        NoteRoom(target);
    }

    // The batch may be read by others already: then the watermark goes ahead. It held before this batch was written.
    private void Ride(int target, RecordBatch<T> batch)
    {
        _watermarkSent[target] = Watermark;
        _watermarkWaits &= _targets.Length > 1;
        if (batch.Watermark >= Watermark)
        {
            return;
        }

        if (batch.IsExclusive)
        {
            batch.Watermark = Watermark;
            return;
        }

        RecordBatch<T> ahead = Pool.Rent();
        ahead.Watermark = Watermark;
        _targets[target].Add(ahead);
    }

    private void SendWatermark()
    {
        // One empty batch for all: a thousand targets must not cost a thousand arrays.
        _watermarkWaits = false;
        RecordBatch<T> empty = Pool.Rent();
        empty.Watermark = Watermark;
        try
        {
            for (int target = 0; target < _targets.Length; target++)
            {
                if (_watermarkSent[target] < Watermark)
                {
                    empty.Retain();
                    HandOver(target, empty);
                }
            }
        }
        finally
        {
            empty.Release();
        }
    }

    private void NoteRoom(int target)
    {
        if (!_isFull[target] && !_targets[target].IsAvailable)
        {
            _isFull[target] = true;
            _full[_fullCount++] = target;
        }
    }
}
