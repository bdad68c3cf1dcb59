using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Operators.Connected;

namespace Millrace.Harnesses;

/// <summary>An operator with two inputs in a test; made by <see cref="FunctionHarness"/>. A broadcast stream is the
/// second input.</summary>
/// <inheritdoc cref="OperatorHarness{TOut}"/>
/// <typeparam name="TLeft">The type of the records of the first stream.</typeparam>
/// <typeparam name="TRight">The type of the records of the second stream.</typeparam>
/// <typeparam name="TOut">The type of the records that go on.</typeparam>
public sealed class TwoInputHarness<TLeft, TRight, TOut> : OperatorHarness<TOut>
{
    private readonly HarnessKeys<TLeft> _leftKeys;
    private readonly HarnessKeys<TRight> _rightKeys;

    internal TwoInputHarness(StreamExecutionEnvironment environment, StreamNode node, HarnessSettings settings)
        : base(environment, node, settings)
    {
        _leftKeys = HarnessKeys<TLeft>.Of(node.Inputs.Find(edge => edge.Input == 0)!, Serializers, settings);
        _rightKeys = HarnessKeys<TRight>.Of(node.Inputs.Find(edge => edge.Input == 1)!, Serializers, settings);
    }

    private TwoInputOperator<TLeft, TRight> Operator => (TwoInputOperator<TLeft, TRight>)Step;

    /// <summary>Whether a record of the first stream would come to this subtask.</summary>
    public bool OwnsLeft(TLeft record) => _leftKeys.Owns(record);

    /// <summary>Whether a record of the second stream would come to this subtask; one of a broadcast stream comes to
    /// all.</summary>
    public bool OwnsRight(TRight record) => _rightKeys.Owns(record);

    /// <summary>A record of the first stream comes in.</summary>
    /// <param name="record">One that goes to this subtask.</param>
    /// <param name="timestamp">Its time in milliseconds since 1970-01-01 UTC, or null for none.</param>
    /// <exception cref="ArgumentException">Its key belongs to another subtask.</exception>
    public void ProcessLeft(TLeft record, long? timestamp = null)
    {
        _leftKeys.Require(record);
        RecordBatch<TLeft> batch = BatchOf(record, timestamp);
        try
        {
            Repeat(() => Operator.ProcessLeft(batch, 0, 1) == 1);
        }
        finally
        {
            batch.Release();
        }
    }

    /// <summary>A record of the second stream comes in.</summary>
    /// <inheritdoc cref="ProcessLeft"/>
    public void ProcessRight(TRight record, long? timestamp = null)
    {
        _rightKeys.Require(record);
        RecordBatch<TRight> batch = BatchOf(record, timestamp);
        try
        {
            Repeat(() => Operator.ProcessRight(batch, 0, 1) == 1);
        }
        finally
        {
            batch.Release();
        }
    }

    /// <summary>No record with this time or an earlier one comes in on either stream any more: timers fire, and the
    /// watermark comes out.</summary>
    /// <param name="watermark">Milliseconds since 1970-01-01 UTC; later than the last one.</param>
    public void AdvanceWatermark(long watermark) => Repeat(() => Operator.Advance(watermark));

    /// <summary>Both streams end: time comes to its end, and what is left comes out.</summary>
    public void Finish() => Finish(Operator.Advance, Operator.Finish);
}
