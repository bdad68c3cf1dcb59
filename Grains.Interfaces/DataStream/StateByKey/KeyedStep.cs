using Millrace.Functions;

namespace Millrace.DataStream.StateByKey;

/// <summary>A function of one of the plain kinds, which gets the state of the record's key when it is opened.</summary>
internal abstract class KeyedStep<TKey, TIn, TOut>(object function)
    : KeyedProcessFunction<TKey, TIn, TOut>, ICheckpointedFunction
{
    public sealed override void Open(RuntimeContext context) => UserFunction.Open(function, context);

    public sealed override void Close() => UserFunction.Close(function);

    public void SnapshotState() => UserFunction.PrepareSnapshot(function);
}
