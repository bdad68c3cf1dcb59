using Millrace.State.TimeToLive;

namespace Millrace.State;

/// <summary>Makes the states of one operator that share a namespace. Belongs to one loop.</summary>
/// <remarks>A state is made when it is first asked for. What expires, reduces or aggregates stands on the plain value,
/// list and map that a backend provides.</remarks>
internal abstract class StateScope(KeyedStateSettings settings)
{
    private readonly Dictionary<string, (string Description, object State)> _states = [];

    /// <summary>A single value.</summary>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public IValueState<T> Get<T>(ValueStateDescriptor<T> descriptor) => Find(descriptor, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T})"/>
    public IListState<T> Get<T>(ListStateDescriptor<T> descriptor) => Find(descriptor, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T})"/>
    public IMapState<TKey, TValue> Get<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull => Find(descriptor, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T})"/>
    public IReducingState<T> Get<T>(ReducingStateDescriptor<T> descriptor) => Find(descriptor, Create);

    /// <inheritdoc cref="Get{T}(ValueStateDescriptor{T})"/>
    public IAggregatingState<TIn, TOut> Get<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor) => Find(descriptor, Create);

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

    private TState Find<TDescriptor, TState>(TDescriptor descriptor, Func<TDescriptor, TState> create)
        where TDescriptor : StateDescriptor
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (!_states.TryGetValue(descriptor.Name, out (string Description, object State) known))
        {
            known = (descriptor.Description, create(descriptor));
            _states.Add(descriptor.Name, known);
        }

        return known.Description == descriptor.Description && known.State is TState state
            ? state
            : throw new InvalidStateUseException(
                $"Operator '{settings.OperatorName}' uses the name '{descriptor.Name}' for two states: " +
                $"{known.Description}, and {descriptor.Description}. Give one of them another name.");
    }
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
