using Millrace.Batches;

namespace Millrace.Operators.Outputs;

/// <summary>A side output whose type its holder need not know. Belongs to one loop.</summary>
internal abstract class SideOutput(string id) : IDisposable
{
    /// <summary>Id of its tag.</summary>
    public string Id { get; } = id;

    /// <summary>Whether another unit of work may begin.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>Type of its records.</summary>
    public abstract Type Type { get; }

    /// <summary>Timestamp of the record or timer at work.</summary>
    public abstract long Timestamp { set; }

    /// <inheritdoc cref="Output{T}.EndRound"/>
    public abstract void EndRound();

    /// <inheritdoc cref="Output{T}.Emit(StreamElement)"/>
    public abstract void Emit(StreamElement control);

    /// <inheritdoc cref="Output{T}.EmitWatermark"/>
    public abstract void EmitWatermark(long timestamp);

    public abstract void Dispose();
}

/// <summary>A side output with its type.</summary>
internal sealed class SideOutput<T>(string id, Output<T> output) : SideOutput(id)
{
    private readonly UnitCollector<T> _collector = new(output);

    public override bool IsAvailable => output.IsAvailable;

    public override Type Type => typeof(T);

    public override long Timestamp
    {
        set => _collector.Timestamp = value;
    }

    public void Emit(T value) => _collector.Emit(value);

    public override void EndRound() => output.EndRound();

    public override void Emit(StreamElement control) => output.Emit(control);

    public override void EmitWatermark(long timestamp) => output.EmitWatermark(timestamp);

    public override void Dispose() => output.Dispose();
}
