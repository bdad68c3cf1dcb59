using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>
/// One record in, a sequence out. An element of the sequence is a unit, so that even an endless one is held back.
/// </summary>
internal sealed class ExpandOperator<TIn, TOut>(
    string name, Func<TIn, IEnumerable<TOut>> function, RoundClock clock, Output<TOut> output)
    : StreamOperator<TIn, TOut>(name, output)
{
    // Elements between two readings of the clock: a sequence that is slow or endless gives the loop back.
    private const int ElementsPerReading = 16;

    // Elements of one sequence that are emitted without room, at most: one that is longer holds the cut up.
    private const int MostOverdrawn = 4_096;

    private readonly bool _hasTimestamps = output.HasTimestamps;
    private IEnumerator<TOut>? _sequence;
    private long _timestamp;
    private int _overdrawn;

    // A barrier waits for the record at work, whose sequence cannot be saved in its middle.
    public override bool PrepareSnapshot() => _sequence is null;

    public override int EndUnit()
    {
        if (_sequence is null)
        {
            return 0;
        }

        for (; _overdrawn < MostOverdrawn; _overdrawn++)
        {
            if (!_sequence.MoveNext())
            {
                End(_sequence);
                return 1;
            }

            EmitCurrent(_sequence);
        }

        return -1;
    }

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        for (; position < end; position++)
        {
            Record = position;
            _timestamp = batch.Timestamps is long[] known ? known[position] : RecordBatch.NoTimestamp;
            _sequence ??= Begin(batch[position]);
            if (!Emit(_sequence))
            {
                return position;
            }

            End(_sequence);
        }

        return position;
    }

    public override void Dispose()
    {
        try
        {
            _sequence?.Dispose();
        }
        finally
        {
            base.Dispose();
        }
    }

    private IEnumerator<TOut> Begin(TIn record) =>
        (function(record) ?? throw new InvalidOperationException(
            $"The function of '{Name}' returned null: an empty sequence stands for no results.")).GetEnumerator();

    private void End(IEnumerator<TOut> sequence)
    {
        sequence.Dispose();
        _sequence = null;
        _overdrawn = 0;
    }

    private void EmitCurrent(IEnumerator<TOut> sequence)
    {
        if (_hasTimestamps)
        {
            Output.Emit(sequence.Current, _timestamp);
        }
        else
        {
            Output.Emit(sequence.Current);
        }
    }

    private bool Emit(IEnumerator<TOut> sequence)
    {
        for (int i = 1; Output.IsAvailable; i++)
        {
            if (!sequence.MoveNext())
            {
                return true;
            }

            EmitCurrent(sequence);
            if (i % ElementsPerReading == 0)
            {
                clock.Read();
                if (clock.IsOver)
                {
                    return false;
                }
            }
        }

        return false;
    }
}
