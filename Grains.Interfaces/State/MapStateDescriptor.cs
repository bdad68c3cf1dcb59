namespace Millrace.State;

/// <summary>A map for each key. Each entry has a time to live of its own.</summary>
/// <param name="name">Unique within the operator.</param>
/// <typeparam name="TKey">The type of the map's own keys: one that <c>KeyBy</c> would take.</typeparam>
/// <typeparam name="TValue">The type of the map's values.</typeparam>
public sealed class MapStateDescriptor<TKey, TValue>(string name) : StateDescriptor(name)
    where TKey : notnull
{
    /// <inheritdoc/>
    public override string Description => $"a map from {typeof(TKey)} to {typeof(TValue)}";
}
