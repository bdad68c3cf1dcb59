using Millrace.Batches;
using Millrace.DataStream;

namespace Millrace.Operators.Outputs;

/// <summary>The side outputs of one operator that the program uses. Belongs to one loop.</summary>
internal class SideOutputs(string operatorName, params SideOutput[] outputs) : IDisposable
{
    private SideOutput[] _outputs = outputs;
    private long _timestamp = RecordBatch.NoTimestamp;

    /// <summary>Whether another unit of work may begin.</summary>
    public bool AreAvailable
    {
        get
        {
            foreach (SideOutput output in _outputs)
            {
                if (!output.IsAvailable)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Sets the timestamp of the record or timer at work.</summary>
    public void SetTimestamp(long timestamp)
    {
        _timestamp = timestamp;
        foreach (SideOutput output in _outputs)
        {
            output.Timestamp = timestamp;
        }
    }

    /// <summary>Emits a record to the output of a tag; nothing happens when the program does not use it.</summary>
    /// <exception cref="InvalidOperationException">The program uses the id with another type.</exception>
    public void Emit<T>(OutputTag<T> tag, T value)
    {
        ArgumentNullException.ThrowIfNull(tag);
        foreach (SideOutput output in _outputs)
        {
            if (output.Id == tag.Id)
            {
                Typed<T>(output).Emit(value);
                return;
            }
        }

        if (Create(tag) is { } created)
        {
            created.Timestamp = _timestamp;
            _outputs = [.. _outputs, created];
            created.Emit(value);
        }
    }

    public void EndRound()
    {
        foreach (SideOutput output in _outputs)
        {
            output.EndRound();
        }
    }

    public void Emit(StreamElement control)
    {
        foreach (SideOutput output in _outputs)
        {
            output.Emit(control);
        }
    }

    public void EmitWatermark(long timestamp)
    {
        foreach (SideOutput output in _outputs)
        {
            output.EmitWatermark(timestamp);
        }
    }

    public void Dispose()
    {
        foreach (SideOutput output in _outputs)
        {
            output.Dispose();
        }
    }

    /// <summary>An output for a tag that the program does not use; null for none, as is the rule.</summary>
    protected virtual SideOutput<T>? Create<T>(OutputTag<T> tag) => null;

    private SideOutput<T> Typed<T>(SideOutput output) => output as SideOutput<T>
        ?? throw new InvalidOperationException(
            $"Operator '{operatorName}' emits {typeof(T)} to side output '{output.Id}', which the program uses with " +
            $"{output.Type}: one id has one type.");
}
