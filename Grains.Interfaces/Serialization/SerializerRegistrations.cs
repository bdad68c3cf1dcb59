using System.Diagnostics.CodeAnalysis;

namespace Millrace.Serialization;

/// <summary>The serializers that a job brings along for types of its own choice.</summary>
public sealed class SerializerRegistrations
{
    private readonly Dictionary<Type, TypeSerializer> _byType = [];

    /// <summary>The types registered.</summary>
    public IReadOnlyCollection<Type> Types => _byType.Keys;

    /// <summary>Uses <paramref name="serializer"/> for every value declared as <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">Another serializer is registered for the type.</exception>
    public void Register<T>(TypeSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        if (!_byType.TryAdd(typeof(T), serializer))
        {
            throw new InvalidOperationException($"A serializer for {typeof(T)} is registered already.");
        }
    }

    /// <summary>The serializer registered for exactly <paramref name="type"/>.</summary>
    public bool TryGet(Type type, [NotNullWhen(true)] out TypeSerializer? serializer) =>
        _byType.TryGetValue(type, out serializer);
}
