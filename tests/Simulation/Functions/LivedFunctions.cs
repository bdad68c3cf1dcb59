using Millrace.Functions.Connected;
using Millrace.Joins;

namespace Millrace.Functions;

/// <summary>A function whose life is noted.</summary>
internal abstract class Lived(LifeLog log) : IRichFunction
{
    public void Open(RuntimeContext context) => log.Opened(this, context);

    public void Close() => log.Closed(this);
}

internal sealed class Map(LifeLog log) : Lived(log), IMapFunction<long, long>
{
    long IMapFunction<long, long>.Map(long value) => value;
}

internal sealed class Filter(LifeLog log) : Lived(log), IFilterFunction<long>
{
    bool IFilterFunction<long>.Filter(long value) => true;
}

internal sealed class FlatMap(LifeLog log) : Lived(log), IFlatMapFunction<long, long>
{
    void IFlatMapFunction<long, long>.FlatMap(long value, ICollector<long> output) => output.Emit(value);
}

internal sealed class Reduce(LifeLog log) : Lived(log), IReduceFunction<long>
{
    long IReduceFunction<long>.Reduce(long accumulated, long value) => value;
}

internal sealed class WindowReduce(LifeLog log) : Lived(log), IReduceFunction<long>
{
    long IReduceFunction<long>.Reduce(long accumulated, long value) => value;
}

internal sealed class WindowAggregate(LifeLog log) : Lived(log), IAggregateFunction<long, long, long>
{
    public long CreateAccumulator() => 0;

    public long Add(long value, long accumulator) => accumulator + value;

    public long GetResult(long accumulator) => accumulator;

    public long Merge(long left, long right) => left + right;
}

internal sealed class CoMap(LifeLog log) : Lived(log), ICoMapFunction<long, long, long>
{
    public long MapLeft(long value) => value;

    public long MapRight(long value) => value;
}

internal sealed class KeyedCoMap(LifeLog log) : Lived(log), ICoMapFunction<long, long, long>
{
    public long MapLeft(long value) => value;

    public long MapRight(long value) => value;
}

internal sealed class CoFlatMap(LifeLog log) : Lived(log), ICoFlatMapFunction<long, long, long>
{
    public void FlatMapLeft(long value, ICollector<long> output) => output.Emit(value);

    public void FlatMapRight(long value, ICollector<long> output) => output.Emit(value);
}

internal sealed class KeyedCoFlatMap(LifeLog log) : Lived(log), ICoFlatMapFunction<long, long, long>
{
    public void FlatMapLeft(long value, ICollector<long> output) => output.Emit(value);

    public void FlatMapRight(long value, ICollector<long> output) => output.Emit(value);
}

internal sealed class IntervalJoin(LifeLog log) : Lived(log), IJoinFunction<long, long, long>
{
    public long Join(long left, long right) => left;
}

internal sealed class IntervalFlatJoin(LifeLog log) : Lived(log), IFlatJoinFunction<long, long, long>
{
    public void Join(long left, long right, ICollector<long> output) => output.Emit(left);
}

internal sealed class TemporalJoin(LifeLog log) : Lived(log), IJoinFunction<long, long, long>
{
    public long Join(long left, long right) => left;
}

internal sealed class IntervalProcessJoin(LifeLog log) : ProcessJoinFunction<long, long, long>
{
    public override void Open(RuntimeContext context) => log.Opened(this, context);

    public override void Close() => log.Closed(this);

    public override void ProcessElement(long left, long right, Context context, ICollector<long> output) =>
        output.Emit(left);
}

internal sealed class Process(LifeLog log) : ProcessFunction<long, long>
{
    public override void Open(RuntimeContext context) => log.Opened(this, context);

    public override void Close() => log.Closed(this);

    public override void ProcessElement(long value, Context context, ICollector<long> output) => output.Emit(value);
}

internal sealed class KeyedProcess(LifeLog log) : KeyedProcessFunction<long, long, long>
{
    public override void Open(RuntimeContext context) => log.Opened(this, context);

    public override void Close() => log.Closed(this);

    public override void ProcessElement(long value, Context context, ICollector<long> output) => output.Emit(value);
}

internal sealed class CoProcess(LifeLog log) : CoProcessFunction<long, long, long>
{
    public override void Open(RuntimeContext context) => log.Opened(this, context);

    public override void Close() => log.Closed(this);

    public override void ProcessLeft(long value, Context context, ICollector<long> output) => output.Emit(value);

    public override void ProcessRight(long value, Context context, ICollector<long> output) => output.Emit(value);
}

internal sealed class KeyedCoProcess(LifeLog log) : KeyedCoProcessFunction<long, long, long, long>
{
    public override void Open(RuntimeContext context) => log.Opened(this, context);

    public override void Close() => log.Closed(this);

    public override void ProcessLeft(long value, Context context, ICollector<long> output) => output.Emit(value);

    public override void ProcessRight(long value, Context context, ICollector<long> output) => output.Emit(value);
}

internal sealed class BroadcastProcess(LifeLog log) : BroadcastProcessFunction<long, long, long>
{
    public override void Open(RuntimeContext context) => log.Opened(this, context);

    public override void Close() => log.Closed(this);

    public override void ProcessElement(long value, ReadOnlyContext context, ICollector<long> output) =>
        output.Emit(value);

    public override void ProcessBroadcastElement(long value, Context context, ICollector<long> output)
    {
    }
}

internal sealed class KeyedBroadcastProcess(LifeLog log) : KeyedBroadcastProcessFunction<long, long, long, long>
{
    public override void Open(RuntimeContext context) => log.Opened(this, context);

    public override void Close() => log.Closed(this);

    public override void ProcessElement(long value, ReadOnlyContext context, ICollector<long> output) =>
        output.Emit(value);

    public override void ProcessBroadcastElement(long value, Context context, ICollector<long> output)
    {
    }
}

/// <summary>Fails at a record, and then when it is closed.</summary>
internal sealed class FailingTwice(LifeLog log) : Lived(log), IMapFunction<long, long>, IRichFunction
{
    long IMapFunction<long, long>.Map(long value) =>
        value == 10 ? throw new FormatException("the first failure") : value;

    void IRichFunction.Close()
    {
        Close();
        throw new InvalidOperationException("the second failure");
    }
}
