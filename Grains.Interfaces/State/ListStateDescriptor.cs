namespace Millrace.State;

/// <summary>A list of values for each key. Each element has a time to live of its own.</summary>
/// <param name="name">Unique within the operator.</param>
/// <typeparam name="T">The type of the elements.</typeparam>
public sealed class ListStateDescriptor<T>(string name) : StateDescriptor(name)
{
    /// <inheritdoc/>
    public override string Description => $"a list of {typeof(T)}";
}
