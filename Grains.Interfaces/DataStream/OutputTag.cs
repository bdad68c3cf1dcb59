namespace Millrace.DataStream;

/// <summary>Names a side output of an operator.</summary>
/// <remarks>The id is the output's identity, not the object. It is unique within its operator.</remarks>
/// <typeparam name="T">The type of the records.</typeparam>
public sealed class OutputTag<T>
{
    /// <summary>A side output.</summary>
    /// <param name="id">Unique within the operator.</param>
    public OutputTag(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        Id = id;
    }

    /// <summary>Unique within the operator.</summary>
    public string Id { get; }

    /// <summary>Its id with the type of its records.</summary>
    internal (string Id, Type Type) Typed => (Id, typeof(T));

    /// <inheritdoc/>
    public override string ToString() => $"'{Id}' of {typeof(T)}";
}
