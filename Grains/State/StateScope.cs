using Millrace.State.TimeToLive;

namespace Millrace.State;

/// <summary>Makes the states of one operator that share a namespace. Belongs to one loop.</summary>
/// <remarks>A state is made when it is first asked for. What expires, reduces or aggregates stands on the plain value,
/// list and map that a backend provides.</remarks>
internal abstract class StateScope(KeyedStateSettings settings)
{
    private static readonly object Own = new();

    private readonly Dictionary<string, (StateOwner Owner, string Description, object State)> _states = [];

    /// <summary>A single value.</summary>
    /// <param name="descriptor">What it is.</param>
    /// <param name="owner">Who asks: what one has is nobody else's.</param>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public IValueState<T> Get<T>(ValueStateDescriptor<T> descriptor, StateOwner owner = StateOwner.Function) =>
        Find(descriptor, owner, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T}, StateOwner)"/>
    public IListState<T> Get<T>(ListStateDescriptor<T> descriptor, StateOwner owner = StateOwner.Function) =>
        Find(descriptor, owner, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T}, StateOwner)"/>
    public IMapState<TKey, TValue> Get<TKey, TValue>(
        MapStateDescriptor<TKey, TValue> descriptor, StateOwner owner = StateOwner.Function)
        where TKey : notnull => Find(descriptor, owner, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T}, StateOwner)"/>
    public IReducingState<T> Get<T>(ReducingStateDescriptor<T> descriptor, StateOwner owner = StateOwner.Function) =>
        Find(descriptor, owner, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T}, StateOwner)"/>
    public IAggregatingState<TIn, TOut> Get<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor, StateOwner owner = StateOwner.Function) =>
        Find(descriptor, owner, Create);

    /// <summary>Takes names out of everybody's reach: what stands under them, here or in another scope, is the
    /// operator's own.</summary>
    public void Reserve(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _states[name] = (StateOwner.Operator, "", Own);
        }
    }

    /// <summary>A value as the backend keeps it.</summary>
    protected abstract IKeptValue<T> CreateValue<T>(string name, Func<T>? defaultValue);

    /// <summary>A list as the backend keeps it.</summary>
    protected abstract IListState<T> CreateList<T>(string name);

    /// <summary>A map as the backend keeps it.</summary>
    protected abstract IMapState<TKey, TValue> CreateMap<TKey, TValue>(string name)
        where TKey : notnull;

    private IValueState<T> Create<T>(ValueStateDescriptor<T> descriptor) =>
        Value(descriptor, descriptor.DefaultValue);

    private IListState<T> Create<T>(ListStateDescriptor<T> descriptor) => descriptor.TimeToLive is { } ttl
        ? new ExpiringListState<T>(CreateList<Expiring<T>>(descriptor.Name), new Expiry(ttl, settings.Time))
        : CreateList<T>(descriptor.Name);

    private IMapState<TKey, TValue> Create<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull => descriptor.TimeToLive is { } ttl
        ? new ExpiringMapState<TKey, TValue>(
            CreateMap<TKey, Expiring<TValue>>(descriptor.Name), new Expiry(ttl, settings.Time))
        : CreateMap<TKey, TValue>(descriptor.Name);

    private ReducingState<T> Create<T>(ReducingStateDescriptor<T> descriptor) =>
        new(Value<T>(descriptor, null), descriptor.Function);

    private AggregatingState<TIn, TAccumulator, TOut> Create<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor) =>
        new(Value<TAccumulator>(descriptor, null), descriptor.Function);

    private IKeptValue<T> Value<T>(StateDescriptor descriptor, Func<T>? defaultValue) =>
        descriptor.TimeToLive is { } ttl
            ? new ExpiringValueState<T>(
                CreateValue<Expiring<T>>(descriptor.Name, null), new Expiry(ttl, settings.Time), defaultValue)
            : CreateValue(descriptor.Name, defaultValue);

    private TState Find<TDescriptor, TState>(
        TDescriptor descriptor, StateOwner owner, Func<TDescriptor, TState> create)
        where TDescriptor : StateDescriptor
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (!_states.TryGetValue(descriptor.Name, out (StateOwner Owner, string Description, object State) known))
        {
            known = (owner, descriptor.Description, create(descriptor));
            _states.Add(descriptor.Name, known);
        }

        if (known.Owner != owner)
        {
            throw new InvalidStateUseException(
                $"{NameOf(owner)} of operator '{settings.OperatorName}' asks for a state '{descriptor.Name}', but " +
                $"under that name {NameOf(known.Owner, isFirst: false)} keeps something. Give the state another name.");
        }

        return known.Description == descriptor.Description && known.State is TState state
            ? state
            : throw new InvalidStateUseException(
                $"Operator '{settings.OperatorName}' uses the name '{descriptor.Name}' for two states: " +
                $"{known.Description}, and {descriptor.Description}. Give one of them another name.");
    }

    private static string NameOf(StateOwner owner, bool isFirst = true) => (owner, isFirst) switch
    {
        (StateOwner.Function, true) => "The function",
        (StateOwner.Function, false) => "its function",
        (StateOwner.Trigger, true) => "The trigger",
        (StateOwner.Trigger, false) => "its trigger",
        (_, true) => "The inside",
        (_, false) => "the operator itself",
    };
}

/// <summary>States that belong to a key and a namespace within it. Belongs to one loop.</summary>
internal abstract class NamespaceScope<TNamespace>
{
    /// <summary>The states.</summary>
    public abstract StateScope States { get; }

    /// <summary>Makes the states answer for a namespace, until the next one or the next key.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    public abstract void Set(in TNamespace space);
}
