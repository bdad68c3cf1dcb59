namespace Millrace.Batches;

/// <summary>The output of an operator with several consumers: each gets the same batch, which all only read.</summary>
/// <remarks>Owns its consumers.</remarks>
internal sealed class FanOutput<T>(BatchPool<T> pool, Output<T>[] consumers) : Output<T>(pool)
{
    private long _watermark = RecordBatch.NoWatermark;
    private bool _watermarkWaits;

    /// <inheritdoc/>
    public override bool IsAvailable
    {
        get
        {
            foreach (Output<T> consumer in consumers)
            {
                if (!consumer.IsAvailable)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public override bool TakesBorrowed => Array.TrueForAll(consumers, static consumer => consumer.TakesBorrowed);

    /// <inheritdoc/>
    public override void EndRound()
    {
        Deliver();
        foreach (Output<T> consumer in consumers)
        {
            consumer.EndRound();
        }
    }

    /// <inheritdoc/>
    public override void Emit(StreamElement control)
    {
        Deliver();
        foreach (Output<T> consumer in consumers)
        {
            consumer.Emit(control);
        }
    }

    /// <inheritdoc/>
    public override void EmitWatermark(long timestamp)
    {
        if (timestamp > _watermark)
        {
            _watermark = timestamp;
            _watermarkWaits = true;
        }
    }

    /// <inheritdoc/>
    public override void Deliver()
    {
        base.Deliver();
        if (!_watermarkWaits)
        {
            return;
        }

        _watermarkWaits = false;
        foreach (Output<T> consumer in consumers)
        {
            consumer.EmitWatermark(_watermark);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (Output<T> consumer in consumers)
        {
            consumer.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void Deliver(RecordBatch<T> batch)
    {
        // All holders are counted before the first of them may let go.
        for (int i = 1; i < consumers.Length; i++)
        {
            batch.Retain();
        }

        int handed = 0;
        try
        {
            while (handed < consumers.Length)
            {
                consumers[handed++].Emit(batch);
            }
        }
        finally
        {
            for (; handed < consumers.Length; handed++)
            {
                batch.Release();
            }
        }
    }
}
