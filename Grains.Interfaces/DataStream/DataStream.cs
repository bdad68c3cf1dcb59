using Millrace.Connectors;
using Millrace.DataStream.Connected;
using Millrace.DataStream.Windows;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Processing;
using Millrace.Graph.Windows;
using Millrace.Joins.Windows;
using Millrace.State;
using Millrace.Windowing;

namespace Millrace.DataStream;

/// <summary>
/// A stream of records of one type: the result of a transformation, from which further ones are made.
/// </summary>
/// <remarks>
/// Records are immutable by contract: a record that was emitted may be handed to several operators without a copy.
/// A program that cannot keep this asks for copies with <see cref="StreamExecutionEnvironment.CopyOnEmit"/>.
/// Functions given as lambdas may capture locals: each subtask attempt runs the program's <c>Define</c> itself and so
/// has captured variables of its own.
/// </remarks>
public class DataStream<T>
{
    internal DataStream(StreamExecutionEnvironment environment, Transformation<T> transformation)
    {
        Environment = environment;
        Transformation = transformation;
    }

    /// <summary>The environment the stream belongs to.</summary>
    public StreamExecutionEnvironment Environment { get; }

    internal Transformation<T> Transformation { get; }

    /// <summary>Turns each record into another.</summary>
    public DataStream<TOut> Map<TOut>(Func<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Map<DelegateMap<T, TOut>, TOut>(new DelegateMap<T, TOut>(function));
    }

    /// <summary>Turns each record into another, by a function object.</summary>
    public DataStream<TOut> Map<TOut>(IMapFunction<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Map<IMapFunction<T, TOut>, TOut>(function);
    }

    /// <summary>Turns each record into another, by a struct that is inlined into the loop over a batch.</summary>
    public DataStream<TOut> Map<TFunction, TOut>(TFunction function)
        where TFunction : IMapFunction<T, TOut>
    {
        ArgumentNullException.ThrowIfNull(function);
        return Environment.Add(new MapTransformation<T, TOut, TFunction>(Transformation, function));
    }

    /// <summary>Keeps the records for which the function says true.</summary>
    public DataStream<T> Filter(Func<T, bool> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Filter<DelegateFilter<T>>(new DelegateFilter<T>(function));
    }

    /// <summary>Keeps the records for which the function object says true.</summary>
    public DataStream<T> Filter(IFilterFunction<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Filter<IFilterFunction<T>>(function);
    }

    /// <summary>Keeps records, by a struct that is inlined into the loop over a batch.</summary>
    public DataStream<T> Filter<TFunction>(TFunction function)
        where TFunction : IFilterFunction<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        return Environment.Add(new FilterTransformation<T, TFunction>(Transformation, function));
    }

    /// <summary>
    /// Turns each record into a sequence, which may be long: it is read as far as the outputs have room.
    /// </summary>
    public DataStream<TOut> FlatMap<TOut>(Func<T, IEnumerable<TOut>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Environment.Add(new ExpandTransformation<T, TOut>(Transformation, function));
    }

    /// <summary>Turns each record into any number of others, by a function object with a collector.</summary>
    public DataStream<TOut> FlatMap<TOut>(IFlatMapFunction<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Environment.Add(new FlatMapTransformation<T, TOut>(Transformation, function));
    }

    /// <summary>Turns each record into any number of others, with its time and side outputs.</summary>
    public DataStream<TOut> Process<TOut>(ProcessFunction<T, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Environment.Add(new ProcessTransformation<T, TOut>(Transformation, function));
    }

    /// <summary>The records that the operator which makes this stream emits to a side output.</summary>
    /// <param name="tag">The output's tag, or one with its id and type.</param>
    /// <exception cref="InvalidProgramGraphException">The operator has no side outputs, or the id is in use with
    /// another type.</exception>
    public DataStream<TSide> GetSideOutput<TSide>(OutputTag<TSide> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        if (!Transformation.HasSideOutputs)
        {
            throw new InvalidProgramGraphException(
                $"'{Transformation.Name}' has no side outputs, so {tag} cannot be one: ask the stream that " +
                "Process(...) returned.");
        }

        Environment.AddSideOutput(Transformation, tag.Typed);
        return Environment.Add(new SideOutputTransformation<TSide>(Transformation, tag));
    }

    /// <summary>Partitions the stream by a key: records of one key meet in one subtask.</summary>
    /// <param name="keySelector">Takes the key out of a record; always the same for the same record. The key's type
    /// needs a stable hash: numbers, strings, enums, tuples and records of such.</param>
    public KeyedStream<T, TKey> KeyBy<TKey>(Func<T, TKey> keySelector)
    {
        ArgumentNullException.ThrowIfNull(keySelector);
        return new KeyedStream<T, TKey>(
            Environment, new KeyPartitionTransformation<T, TKey>(Transformation, keySelector), keySelector);
    }

    /// <summary>Puts all records together by windows, in one subtask.</summary>
    /// <param name="assigner">Says which windows a record belongs to.</param>
    public AllWindowedStream<T, TWindow> WindowAll<TWindow>(WindowAssigner<TWindow> assigner)
        where TWindow : struct, IWindow => new(AsOneKey().Window(assigner));

    /// <summary>Puts all records together by windows, in one subtask.</summary>
    /// <param name="assigner">Says which windows a record belongs to.</param>
    public AllWindowedStream<T, TWindow> WindowAll<TWindow>(WindowAssigner<T, TWindow> assigner)
        where TWindow : struct, IWindow => new(AsOneKey().Window(assigner));

    /// <summary>Puts each number of records together, in one subtask.</summary>
    /// <param name="size">From 1.</param>
    public AllWindowedStream<T, GlobalWindow> CountWindowAll(long size) => new(AsOneKey().CountWindow(size));

    /// <summary>Puts the last records together, whenever some have come, in one subtask.</summary>
    /// <param name="size">Most records of a window, from 1.</param>
    /// <param name="slide">Records from one window to the next, from 1.</param>
    public AllWindowedStream<T, GlobalWindow> CountWindowAll(int size, long slide) =>
        new(AsOneKey().CountWindow(size, slide));

    /// <summary>Records of this stream and another that join by key and window.</summary>
    public JoinedStreams<T, TOther> Join<TOther>(DataStream<TOther> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new JoinedStreams<T, TOther>(this, other);
    }

    /// <summary>Records of this stream and another, put together by key and window, to be seen at once.</summary>
    public CoGroupedStreams<T, TOther> CoGroup<TOther>(DataStream<TOther> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new CoGroupedStreams<T, TOther>(this, other);
    }

    /// <summary>This stream and others of the same type as one; no order between them.</summary>
    /// <param name="others">None of them null; none at all leaves this stream as it is. One that is given twice comes
    /// twice.</param>
    public DataStream<T> Union(params DataStream<T>[] others)
    {
        ArgumentNullException.ThrowIfNull(others);
        Array.ForEach(others, static other => ArgumentNullException.ThrowIfNull(other, nameof(others)));
        Transformation<T>[] inputs = [Transformation, .. others.Select(other => other.Transformation)];
        return Environment.Add(new UnionTransformation<T>(inputs));
    }

    /// <summary>This stream and one of another type, to go into one operator; no order between them.</summary>
    /// <exception cref="InvalidProgramGraphException">Both are keyed, with keys of different types: records of one key
    /// could not meet.</exception>
    public ConnectedStreams<T, TOther> Connect<TOther>(DataStream<TOther> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Transformation.KeyType is Type left && other.Transformation.KeyType is Type right && left != right)
        {
            throw new InvalidProgramGraphException(
                $"A stream keyed by {left} is connected with one keyed by {right}: both need keys of one type, such " +
                "as both .KeyBy(...) returning the same type.");
        }

        return new ConnectedStreams<T, TOther>(this, other);
    }

    /// <summary>This stream and one that every subtask gets in full, to go into one operator.</summary>
    public BroadcastConnectedStream<T, TBroadcast> Connect<TBroadcast>(BroadcastStream<TBroadcast> broadcast)
    {
        ArgumentNullException.ThrowIfNull(broadcast);
        return new BroadcastConnectedStream<T, TBroadcast>(this, broadcast);
    }

    /// <summary>Deals the records out to all subtasks of the next operator in turn.</summary>
    public DataStream<T> Rebalance() => Partition(PartitionerKind.Rebalance);

    /// <summary>Deals the records out in turn within groups of neighbouring subtasks.</summary>
    public DataStream<T> Rescale() => Partition(PartitionerKind.Rescale);

    /// <summary>Sends each record to a random subtask of the next operator.</summary>
    public DataStream<T> Shuffle() => Partition(PartitionerKind.Shuffle);

    /// <summary>Sends each record to every subtask of the next operator.</summary>
    public DataStream<T> Broadcast() => Partition(PartitionerKind.Broadcast);

    /// <summary>Sends each record to every subtask of the next operator, which keep what it says in broadcast state:
    /// to be connected with another stream.</summary>
    /// <param name="state">A state that the function of both streams uses.</param>
    /// <param name="others">Further ones, each with a name of its own.</param>
    /// <exception cref="InvalidProgramGraphException">Two states have one name, or one is to expire.</exception>
    public BroadcastStream<T> Broadcast(MapStateDescriptor state, params MapStateDescriptor[] others)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(others);
        return new BroadcastStream<T>(Environment, Transformation, [state, .. others]);
    }

    /// <summary>Sends every record to the first subtask of the next operator.</summary>
    public DataStream<T> Global() => Partition(PartitionerKind.Global);

    /// <summary>Keeps each record on its subtask; the next operator must have the same parallelism.</summary>
    public DataStream<T> Forward() => Partition(PartitionerKind.Forward);

    /// <summary>Sends each record where a function says.</summary>
    /// <param name="partitioner">Takes a key and the number of subtasks, returns an index below it.</param>
    /// <param name="keySelector">Takes the key out of a record.</param>
    public DataStream<T> PartitionCustom<TKey>(Func<TKey, int, int> partitioner, Func<T, TKey> keySelector)
    {
        ArgumentNullException.ThrowIfNull(partitioner);
        ArgumentNullException.ThrowIfNull(keySelector);
        return Environment.Add(new CustomPartitionTransformation<T, TKey>(Transformation, partitioner, keySelector));
    }

    /// <summary>Gives each record a timestamp, and lets event time move on by the records seen here. Timestamps and
    /// watermarks from before are replaced.</summary>
    /// <param name="strategy">Where timestamps come from and when time moves on.</param>
    public DataStream<T> AssignTimestampsAndWatermarks(WatermarkStrategy<T> strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return Environment.Add(new TimestampsTransformation<T>(Transformation, strategy));
    }

    /// <summary>Writes the stream into a sink: an end of the program.</summary>
    /// <param name="sink">Makes a writer in each subtask.</param>
    public DataStreamSink<T> SinkTo(Sink<T> sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return new DataStreamSink<T>(Environment.Add(new SinkTransformation<T>(Transformation, sink)).Transformation);
    }

    /// <summary>Sets the number of subtasks of the operator that makes this stream.</summary>
    /// <param name="parallelism">From 1.</param>
    /// <exception cref="InvalidProgramGraphException">It is less, or more than the operator may have; or this stream is
    /// a partitioning, which is no operator.</exception>
    public DataStream<T> SetParallelism(int parallelism)
    {
        Transformation.SetParallelism(parallelism);
        return this;
    }

    /// <summary>Names the operator for plans, logs and errors.</summary>
    /// <param name="name">Not blank; need not be unique.</param>
    public DataStream<T> Name(string name)
    {
        Transformation.SetName(name);
        return this;
    }

    /// <summary>
    /// Gives the operator a stable id, unique in the program, under which its state is found again after changes.
    /// </summary>
    /// <param name="uid">Not blank. Two operators with one are refused when the program is submitted.</param>
    /// <exception cref="InvalidProgramGraphException">This stream is a partitioning, which is no operator.</exception>
    public DataStream<T> WithUid(string uid)
    {
        Transformation.SetUid(uid);
        return this;
    }

    /// <summary>Runs the operator in subtasks of its own.</summary>
    public DataStream<T> DisableChaining()
    {
        Transformation.SetChaining(ChainingStrategy.Never);
        return this;
    }

    /// <summary>Begins a chain with the operator.</summary>
    public DataStream<T> StartNewChain()
    {
        Transformation.SetChaining(ChainingStrategy.Head);
        return this;
    }

    /// <summary>
    /// Puts the operator, and those after it, into a slot sharing group: subtasks of different groups never share a
    /// slot.
    /// </summary>
    /// <param name="group">Not blank.</param>
    /// <exception cref="InvalidProgramGraphException">This stream is a partitioning, which is no operator.</exception>
    public DataStream<T> SlotSharingGroup(string group)
    {
        Transformation.SetSlotSharingGroup(group);
        return this;
    }

    /// <summary>As <see cref="Map{TOut}(Func{T, TOut})"/>.</summary>
    public DataStream<TOut> Select<TOut>(Func<T, TOut> selector) => Map(selector);

    /// <summary>As <see cref="Filter(Func{T, bool})"/>.</summary>
    public DataStream<T> Where(Func<T, bool> predicate) => Filter(predicate);

    /// <summary>As <see cref="FlatMap{TOut}(Func{T, IEnumerable{TOut}})"/>.</summary>
    public DataStream<TOut> SelectMany<TOut>(Func<T, IEnumerable<TOut>> selector) => FlatMap(selector);

    /// <summary>A sequence for each record, combined with it: what two <c>from</c> clauses compile to.</summary>
    public DataStream<TOut> SelectMany<TElement, TOut>(
        Func<T, IEnumerable<TElement>> selector, Func<T, TElement, TOut> resultSelector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        ArgumentNullException.ThrowIfNull(resultSelector);
        return FlatMap(value => selector(value).Select(element => resultSelector(value, element)));
    }

    private KeyedStream<T, NoKey> AsOneKey() => KeyBy(static _ => default(NoKey));

    private DataStream<T> Partition(PartitionerKind kind) =>
        Environment.Add(new PartitionTransformation<T>(Transformation, kind));
}
