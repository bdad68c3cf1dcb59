using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Async;
using Millrace.Graph.Connecting;
using Millrace.Graph.Processing;
using Millrace.Graph.Windows;
using Millrace.Network;
using Millrace.Network.Partitioners;
using Millrace.Operators;
using Millrace.Operators.Connected;
using Millrace.Operators.EventTime;
using Millrace.Operators.Keyed;
using Millrace.Operators.Outputs;
using Millrace.Operators.Process;
using Millrace.Operators.Sinks;
using Millrace.Operators.Sorting;
using Millrace.Operators.Sources;
using Millrace.Operators.Steps;
using Millrace.Operators.Windows;
using Millrace.State;
using Millrace.State.Heap;
using Millrace.State.OperatorStates;
using Millrace.Tasks.Async;
using Millrace.Tasks.Checkpointing;
using Millrace.Tasks.Connected;
using Millrace.Tasks.Input;
using Millrace.Tasks.Sorting;

namespace Millrace.Tasks;

/// <summary>Puts the operators of one subtask together, with their exact types, from the tails to the head.</summary>
#pragma warning disable CA1001 // What it builds is handed over to the chain, or given back when building fails.
internal sealed class ChainBuilder : IOperatorFactory
#pragma warning restore CA1001
{
    private readonly ChainEnvironment _environment;
    private readonly ChainEdges _edges;
    private readonly RoundClock _clock;
    private readonly ChainFailure _failure = new();
    private readonly List<StreamOperator> _operators = [];
    private readonly List<OperatorInput> _inputs = [];
    private readonly ChainLinks _links;
    private readonly HashSet<StreamOperator> _firstSteps = [];
    private readonly Dictionary<StreamOperator, string> _ids = [];
    private StreamNode _node;
    private StreamOperator? _built;
    private IChainHead? _head;

    private ChainBuilder(ChainEnvironment environment, RoundClock clock)
    {
        _environment = environment;
        _clock = clock;
        _edges = new ChainEdges(environment);
        _links = new ChainLinks(environment.Program);
        _node = environment.Program.Node(environment.Vertex.Operators[0].Id);
    }

    /// <summary>Builds the chain. When that fails, what was built is given back.</summary>
    public static OperatorChain Build(ChainEnvironment environment, RoundClock clock)
    {
        var builder = new ChainBuilder(environment, clock);
        try
        {
            builder.BuildNode(builder._node);
            return new OperatorChain(
                builder._head!, builder._operators, builder._inputs, builder._links, builder._firstSteps,
                builder._failure, builder._ids);
        }
        catch
        {
            builder._operators.ForEach(step => step.Dispose());
            builder._inputs.ForEach(input => input.Dispose());
            builder._links.Inputs.ForEach(link => link.Gate.Dispose());
            throw;
        }
    }

    public void Source<T>(SourceTransformation<T> transformation) =>
        transformation.Source.Accept(new SourceBuilder<T>(this, transformation, OutputOf<T>()));

    public void Elements<T>(ElementsTransformation<T> transformation) =>
        Head(new ElementsOperator<T>(
            transformation.Name,
            _environment.Graph.Elements[_node.Id],
            _environment.Serializers.Get<T>(),
            OperatorState(),
            _clock,
            _failure,
            OutputOf<T>()));

    public void Map<TIn, TOut, TFunction>(MapTransformation<TIn, TOut, TFunction> transformation)
        where TFunction : IMapFunction<TIn, TOut> =>
        Step<TIn, TOut, MapStep<TIn, TOut, TFunction>>(
            new MapStep<TIn, TOut, TFunction>(transformation.Function),
            next => next.BehindMap<TIn, TFunction>(transformation.Name, transformation.Function));

    public void Filter<T, TFunction>(FilterTransformation<T, TFunction> transformation)
        where TFunction : IFilterFunction<T> =>
        Step<T, T, FilterStep<T, TFunction>>(
            new FilterStep<T, TFunction>(transformation.Function),
            next => next.BehindFilter(transformation.Name, transformation.Function));

    public void AssignTimestamps<T>(TimestampsTransformation<T> transformation) =>
        Step(new TimestampsOperator<T>(
            transformation.Name, transformation.Strategy, TimeTools(), OutputOf<T>()));

    public void FlatMap<TIn, TOut>(FlatMapTransformation<TIn, TOut> transformation) =>
        Step(new FlatMapOperator<TIn, TOut>(
            transformation.Name, transformation.Function, OperatorState(), OutputOf<TOut>()));

    public void ExpandMany<TIn, TOut>(ExpandTransformation<TIn, TOut> transformation) =>
        Step(new ExpandOperator<TIn, TOut>(
            transformation.Name, transformation.Function, _clock, OutputOf<TOut>()));

    public void KeyedFold<TKey, TIn, TAccumulator, TOut, TFold>(
        KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> transformation)
        where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut>
    {
        KeyedStateBackend<TKey> state = StateOf<TKey>();
        Step(state is HeapStateBackend<TKey> heap
            ? Order.Of(
                new KeyedFoldOperator<TKey, TIn, TAccumulator, TOut, TFold>(
                    transformation, heap, IsBatch, OutputOf<TOut>()),
                transformation.KeySelector)
            : new KeptFoldOperator<TKey, TIn, TAccumulator, TOut, TFold>(transformation, state, OutputOf<TOut>()));
    }

    public void Process<TIn, TOut>(ProcessTransformation<TIn, TOut> transformation) =>
        Step(new ProcessOperator<TIn, TOut>(
            transformation.Name,
            transformation.Function,
            OperatorState(),
            _environment.Loop.Time,
            OutputOf<TOut>(),
            SideOutputsOf()));

    public void KeyedProcess<TKey, TIn, TOut>(KeyedProcessTransformation<TKey, TIn, TOut> transformation) =>
        Step(Order.Of(
            new KeyedProcessOperator<TKey, TIn, TOut>(
                transformation,
                StateOf<TKey>(),
                _environment.Loop,
                _clock,
                OutputOf<TOut>(),
                SideOutputsOf()),
            transformation.KeySelector));

    public void Async<TIn, TOut>(AsyncTransformation<TIn, TOut> transformation) => Step(new AsyncBuilder<TIn, TOut>(
        transformation, OperatorState(), _environment.Loop, _clock, OutputOf<TOut>()).Build());

    // Always the head of its chain: no single operator stands before it.
    public void TwoInputs<TLeft, TRight, TOut>(TwoInputTransformation<TLeft, TRight, TOut> transformation)
    {
        var builder = new TwoInputBuilder<TLeft, TRight, TOut>(
            transformation.Name,
            StateSettings(),
            _environment.Loop,
            _clock,
            OutputOf<TOut>(),
            SideOutputsOf(),
            new TwoInputPlace(_environment.State, Backend, Order));
        transformation.Accept(builder);
        TwoInputOperator<TLeft, TRight> step = builder.Built;
        _operators.Add(step);
        _built = step;
        InputGateSpec left = _edges.Gate(input: 0);
        InputGateSpec right = _edges.Gate(input: 1);
        ChannelArrival arrival = _edges.ArrivalOf([.. left.Channels, .. right.Channels]);
        GateSide<TLeft> first = Side(new LeftSide<TLeft, TRight>(step), left, arrival, input: 0, firstChannel: 0);
        GateSide<TRight> second = Side(
            new RightSide<TLeft, TRight>(step), right, arrival, input: 1, left.Channels.Count);
        GateSide? whole = IsBatch ? _node.BroadcastInput switch { 0 => first, 1 => second, _ => null } : null;
        _head = new GateHead(step, [first, second], arrival, _clock, whole);
    }

    public void Windows<TKey, TIn, TOut>(WindowTransformation<TKey, TIn, TOut> transformation)
    {
        var builder = new WindowBuilder<TKey, TIn, TOut>(new WindowOperatorParts<TKey, TOut>(
            StateOf<TKey>(), _environment.Loop, _clock, OutputOf<TOut>(), SideOutputsOf()));
        transformation.Accept(builder);
        Step(Order.Of(builder.Built, transformation.KeySelector));
    }

    public void Sink<T>(SinkTransformation<T> transformation) =>
        Step(new SinkOperator<T>(
            transformation.Name, _node.Id.ToString(), transformation.Sink, _environment.Loop));

    private bool IsBatch => _environment.Graph.Settings.Mode == RuntimeMode.Batch;

    private KeyOrder Order => new(
        SortSupplies.Of(_environment), new SortTools(_environment.Loop, _clock, _failure), _node);

    // A map or filter whose only consumer is another one becomes one operator with it.
    private void Step<TIn, TOut, TStep>(TStep step, Func<StreamOperator<TOut>, StreamOperator<TIn>?> joinWith)
        where TStep : struct, IRecordStep<TIn, TOut>
    {
        string name = _node.Transformation.Name;
        if (_node.Outputs is not [StreamEdge edge] || !_edges.IsInside(edge) || _environment.Graph.Settings.CopyOnEmit)
        {
            Step(new StepOperator<TIn, TOut, TStep>([name], step, OutputOf<TOut>()));
            return;
        }

        var next = (StreamOperator<TOut>)BuildNode(edge.To);
        if (joinWith(next) is StreamOperator<TIn> joined)
        {
            _operators.Remove(next);
            Step(joined);
            return;
        }

        Step(new StepOperator<TIn, TOut, TStep>(
            [name], step, new ChainedOutput<TOut>(Pool<TOut>(), InputOf(next, edge.To).Input)));
    }

    private StreamOperator BuildNode(StreamNode node)
    {
        StreamNode outer = _node;
        _node = node;
        node.Transformation.AcceptDirect(this, DirectFunctions.Instance);
        _ids[_built!] = node.Id.ToString();
        _node = outer;
        return _built!;
    }

    private void Head<TOperator>(TOperator head)
        where TOperator : StreamOperator, IChainHead
    {
        _operators.Add(head);
        _built = head;
        _head = head;
    }

    private void Step<TIn>(StreamOperator<TIn> step)
    {
        _operators.Add(step);
        _built = step;
        if (_node.Id == _environment.Vertex.Operators[0].Id)
        {
            InputGateSpec spec = _edges.Gate(input: 0);
            ChannelArrival arrival = _edges.ArrivalOf(spec.Channels);
            _head = new GateHead(step, [Side(step, spec, arrival, input: 0, firstChannel: 0)], arrival, _clock);
        }
    }

    private GateSide<T> Side<T>(
        StreamOperator<T> step, InputGateSpec spec, ChannelArrival arrival, int input, int firstChannel)
    {
        ChainInput<T> waiting = InputOf(step, _node, input);
        IInputGate gate = _environment.Network.CreateGate<T>(
            spec, _environment.Serializers, _environment.Loop.Wake, _environment.Batches);
        _links.Inputs.Add(new InputLink(spec, gate));
        var side = new GateSide<T>(gate, waiting.Input, arrival, firstChannel, spec.Channels.Count);
        waiting.ReadFrom(side, spec);
        return side;
    }

    private ChainInput<T> InputOf<T>(StreamOperator<T> step, StreamNode node, int number = 0)
    {
        var input = new ChainInput<T>(node, number, new OperatorInput<T>(step, _clock, _failure), _environment);
        _inputs.Add(input.Input);
        _links.InFlight.Add(input);
        return input;
    }

    private Output<T> OutputOf<T>(string? tagId = null)
    {
        bool first = _node.Inputs.Count == 0;
        List<Output<T>> outputs = [];
        foreach (StreamEdge edge in _node.Outputs.Where(edge => edge.Side?.TagId == tagId))
        {
            outputs.Add(_edges.IsInside(edge) ? Chained<T>(edge, first) : ToOthers<T>(edge));
        }

        return outputs.Count switch
        {
            0 => new DroppedOutput<T>(Pool<T>()),
            1 => outputs[0],
            _ => new FanOutput<T>(Pool<T>(), [.. outputs]),
        };
    }

    private SideOutputs SideOutputsOf()
    {
        var builder = new SideOutputBuilder(this);
        foreach (ISideOutput side in _node.Outputs.Select(edge => edge.Side).OfType<ISideOutput>()
            .DistinctBy(side => side.TagId))
        {
            side.Accept(builder);
        }

        return new SideOutputs(_node.Transformation.Name, [.. builder.Built]);
    }

    private OperatorStateBackend OperatorState() =>
        _environment.State.CreateUnkeyed(_node.Transformation.Name, _environment.Serializers);

    // In batch mode, state is that of one key at a time.
    private StateBackend? Backend => IsBatch ? StateBackend.Heap : _environment.Graph.Settings.State;

    private KeyedStateBackend<TKey> StateOf<TKey>() => _environment.State.Create<TKey>(StateSettings(), Backend);

    private KeyedStateSettings StateSettings()
    {
        SubtaskInfo me = _environment.Subtask;
        return new KeyedStateSettings(
            _node.Transformation.Name,
            _environment.Serializers,
            me.Vertex.MaxParallelism,
            KeyGroupAssignment.RangeOf(me.Vertex.MaxParallelism, me.Vertex.Parallelism, me.Attempt.Subtask),
            _environment.Loop.Time,
            _environment.Loop.CancellationToken);
    }

    private ChainedOutput<T> Chained<T>(StreamEdge edge, bool first)
    {
        var step = (StreamOperator<T>)BuildNode(edge.To);
        if (first)
        {
            _firstSteps.Add(step);
        }

        var output = new ChainedOutput<T>(Pool<T>(), InputOf(step, edge.To).Input);
        return CopyOf(edge, output) is StreamOperator<T> copy
            ? new ChainedOutput<T>(Pool<T>(), InputOf(copy, edge.To).Input)
            : output;
    }

    private PartitionOutput<T> ToOthers<T>(StreamEdge edge)
    {
        OutputSpec spec = _edges.Output(edge);
        PartitionOutput<T> output = _environment.Network.CreateOutput(
            spec,
            (PartitionTransformation<T>?)edge.Partition,
            _environment.Serializers,
            _environment.Loop.Wake,
            _environment.Batches);
        _links.Outputs.Add(new OutputLink(spec, output));
        _links.Leaving.Add(new ChainOutput<T>(edge, output, spec, _environment));
        return output;
    }

    private StepOperator<T, T, MapStep<T, T, CopyFunction<T>>>? CopyOf<T>(StreamEdge edge, Output<T> output)
    {
        if (!_environment.Graph.Settings.CopyOnEmit)
        {
            return null;
        }

        var copy = new StepOperator<T, T, MapStep<T, T, CopyFunction<T>>>(
            [$"Copy for {edge.To.Transformation.Name}"],
            new MapStep<T, T, CopyFunction<T>>(new CopyFunction<T>(_environment.Serializers.Get<T>())),
            output);
        _operators.Add(copy);
        return copy;
    }

    private WatermarkTools TimeTools() => new(
        _environment.Loop,
        _clock,
        _environment.Graph.Settings.WatermarkInterval,
        OnlyFinal: IsBatch);

    // Of the operator at work, for its own output.
    private BatchPool<T> Pool<T>() => new(
        BatchCapacity.OfChain<T>(_environment.Graph.Settings.BatchSize),
        _node.HasTimestamps ? BatchLayout.Timestamps : BatchLayout.None,
        _environment.Batches);

    /// <summary>Recovers the types of side outputs.</summary>
    private sealed class SideOutputBuilder(ChainBuilder chain) : ISideOutputFactory
    {
        public List<SideOutput> Built { get; } = [];

        public void SideOutput<T>(SideOutputTransformation<T> side) =>
            Built.Add(new SideOutput<T>(side.TagId, chain.OutputOf<T>(side.TagId)));
    }

    /// <summary>Recovers the split type of a source.</summary>
    private sealed class SourceBuilder<T>(ChainBuilder chain, SourceTransformation<T> transformation, Output<T> output)
        : ISourceVisitor<T>
    {
        public void Visit<TSplit>(Source<T, TSplit> source) =>
            chain.Head(new SourceOperator<T, TSplit>(
                transformation.Name,
                chain._node.Id.ToString(),
                source,
                new SourceTools<TSplit>(
                    chain._environment.Loop,
                    chain._clock,
                    chain._failure,
                    chain._environment.Serializers),
                transformation.Strategy is { } strategy
                    ? new WatermarkEmitter<T>(strategy, chain.TimeTools(), output)
                    : null,
                output));
    }
}
