namespace Millrace.State;

/// <summary>A single value for each key.</summary>
/// <param name="name">Unique within the operator.</param>
/// <param name="defaultValue">Makes the value that is read where none was set; null for the type's default
/// one.</param>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class ValueStateDescriptor<T>(string name, Func<T>? defaultValue = null) : StateDescriptor(name)
{
    /// <summary>Makes the value that is read where none was set, or null.</summary>
    public Func<T>? DefaultValue { get; } = defaultValue;

    /// <inheritdoc/>
    public override string Description => $"a value of {typeof(T)}";
}
