using Millrace.Functions.Connected;
using Millrace.Graph.Connecting;

namespace Millrace.DataStream.Connected;

/// <summary>Two streams that go into one operator, each with its own type. No order holds between them; time is the
/// lesser of both.</summary>
public sealed class ConnectedStreams<TLeft, TRight>
{
    internal ConnectedStreams(DataStream<TLeft> left, DataStream<TRight> right)
    {
        Left = left;
        Right = right;
    }

    internal DataStream<TLeft> Left { get; }

    internal DataStream<TRight> Right { get; }

    /// <summary>Gives both streams keys of one type: records of one key meet in one subtask.</summary>
    /// <param name="left">Takes the key out of a record of the first stream.</param>
    /// <param name="right">Takes the key out of a record of the second stream.</param>
    public KeyedConnectedStreams<TLeft, TRight, TKey> KeyBy<TKey>(Func<TLeft, TKey> left, Func<TRight, TKey> right) =>
        Left.KeyBy(left).Connect(Right.KeyBy(right));

    /// <summary>Turns each record into one of a common type.</summary>
    public DataStream<TOut> Map<TOut>(Func<TLeft, TOut> left, Func<TRight, TOut> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Map(new DelegateCoMap<TLeft, TRight, TOut>(left, right));
    }

    /// <summary>Turns each record into one of a common type, by a function object.</summary>
    public DataStream<TOut> Map<TOut>(ICoMapFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>("CoMap", factory => factory.CoMap(function));
    }

    /// <summary>Turns each record into any number of a common type.</summary>
    public DataStream<TOut> FlatMap<TOut>(ICoFlatMapFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>("CoFlatMap", factory => factory.CoFlatMap(function));
    }

    /// <summary>Turns each record into any number of a common type, with its time and side outputs.</summary>
    public DataStream<TOut> Process<TOut>(CoProcessFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>("CoProcess", factory => factory.CoProcess(function), hasSideOutputs: true);
    }

    private DataStream<TOut> Add<TOut>(
        string kind, Action<ITwoInputFactory<TLeft, TRight, TOut>> build, bool hasSideOutputs = false) =>
        Left.Environment.Add(new TwoInputTransformation<TLeft, TRight, TOut>(
            kind, Left.Transformation, Right.Transformation, build)
        {
            MayHaveSideOutputs = hasSideOutputs,
        });
}
