using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Operators;

namespace Millrace.Harnesses;

/// <summary>An operator with one input in a test; made by <see cref="FunctionHarness"/>.</summary>
/// <inheritdoc cref="OperatorHarness{TOut}"/>
/// <typeparam name="TIn">The type of the records that come in.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public sealed class OneInputHarness<TIn, TOut> : OperatorHarness<TOut>
{
    private readonly HarnessKeys<TIn> _keys;

    internal OneInputHarness(StreamExecutionEnvironment environment, StreamNode node, HarnessSettings settings)
        : base(environment, node, settings) =>
        _keys = HarnessKeys<TIn>.Of(node.Inputs[0], Serializers, settings);

    private StreamOperator<TIn> Operator => (StreamOperator<TIn>)Step;

    /// <summary>Whether a record would come to this subtask: its key is one of it, or there are no keys.</summary>
    public bool Owns(TIn record) => _keys.Owns(record);

    /// <summary>A record comes in.</summary>
    /// <param name="record">One that goes to this subtask.</param>
    /// <param name="timestamp">Its time in milliseconds since 1970-01-01 UTC, or null for none.</param>
    /// <exception cref="ArgumentException">Its key belongs to another subtask.</exception>
    public void Process(TIn record, long? timestamp = null)
    {
        _keys.Require(record);
        RecordBatch<TIn> batch = BatchOf(record, timestamp);
        try
        {
            Repeat(() => Operator.Process(batch, 0, 1) == 1);
        }
        finally
        {
            batch.Release();
        }
    }

    /// <summary>No record with this time or an earlier one comes in any more: timers fire, and the watermark comes
    /// out.</summary>
    /// <param name="watermark">Milliseconds since 1970-01-01 UTC; later than the last one.</param>
    public void AdvanceWatermark(long watermark) => Repeat(() => Operator.Advance(watermark));

    /// <summary>The input ends: time comes to its end, and what is left comes out.</summary>
    public void Finish() => Finish(Operator.Advance, Operator.Finish);
}
