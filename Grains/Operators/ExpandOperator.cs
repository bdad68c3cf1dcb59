using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>
/// One record in, a sequence out. An element of the sequence is a unit, so that even an endless one is held back.
/// </summary>
internal sealed class ExpandOperator<TIn, TOut>(string name, Func<TIn, IEnumerable<TOut>> function, Output<TOut> output)
    : StreamOperator<TIn, TOut>(name, output)
{
    private IEnumerator<TOut>? _sequence;

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        try
        {
            for (; position < end; position++)
            {
                _sequence ??= Begin(batch.Values[position]);
                if (!Emit(_sequence))
                {
                    return position;
                }

                _sequence.Dispose();
                _sequence = null;
            }
        }
        catch when (NoteFailure(position))
        {
            throw;
        }

        return position;
    }

    public override void Dispose()
    {
        _sequence?.Dispose();
        base.Dispose();
    }

    private IEnumerator<TOut> Begin(TIn record) =>
        (function(record) ?? throw new InvalidOperationException(
            $"The function of '{Name}' returned null: an empty sequence stands for no results.")).GetEnumerator();

    private bool Emit(IEnumerator<TOut> sequence)
    {
        while (Output.IsAvailable)
        {
            if (!sequence.MoveNext())
            {
                return true;
            }

            Output.Emit(sequence.Current);
        }

        return false;
    }
}
