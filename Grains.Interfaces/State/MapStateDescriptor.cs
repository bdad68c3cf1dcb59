namespace Millrace.State;

/// <summary>A map, whatever its types.</summary>
public abstract class MapStateDescriptor : StateDescriptor
{
    private protected MapStateDescriptor(string name)
        : base(name)
    {
    }

    /// <summary>The type of the map's own keys.</summary>
    public abstract Type KeyType { get; }

    /// <summary>The type of the map's values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>Lets a state be made with its exact types.</summary>
    internal abstract void Accept(IMapStateVisitor visitor);
}

/// <summary>A map for each key; or, of a broadcast stream, one that every subtask holds in full. For each key, each
/// entry has a time to live of its own.</summary>
/// <param name="name">Unique within the operator.</param>
/// <typeparam name="TKey">The type of the map's own keys: one that <c>KeyBy</c> would take.</typeparam>
/// <typeparam name="TValue">The type of the map's values.</typeparam>
public sealed class MapStateDescriptor<TKey, TValue>(string name) : MapStateDescriptor(name)
    where TKey : notnull
{
    /// <inheritdoc/>
    public override string Description => $"a map from {typeof(TKey)} to {typeof(TValue)}";

    /// <inheritdoc/>
    public override Type KeyType => typeof(TKey);

    /// <inheritdoc/>
    public override Type ValueType => typeof(TValue);

    internal override void Accept(IMapStateVisitor visitor) => visitor.Visit(this);
}

/// <summary>Recovers the types of a map.</summary>
internal interface IMapStateVisitor
{
    void Visit<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull;
}
