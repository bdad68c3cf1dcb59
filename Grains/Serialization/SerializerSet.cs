using Millrace.State;

namespace Millrace.Serialization;

/// <summary>The serializers of one job on one silo. Generated when first asked for; safe for all its subtasks at once.</summary>
/// <remarks>Nothing of a job's types is kept elsewhere: when the set is dropped, the job's load context can go.</remarks>
internal sealed class SerializerSet(SerializerRegistrations? registrations = null)
{
    private readonly SerializerRegistrations? _registrations = registrations;

    /// <summary>The serializer of a type.</summary>
    /// <exception cref="UnsupportedTypeException">The type, or one it is made of, cannot be serialized.</exception>
    public TypeSerializer<T> Get<T>()
    {
        TypeShape.Of<T>(_registrations);
        throw new NotSupportedException($"No serializer for {typeof(T)} yet.");
    }

    /// <summary>A serializer that reads what was written with an older shape of a type, and writes the present one.</summary>
    /// <exception cref="IncompatibleShapeException">The present shape cannot take such data over.</exception>
    public TypeSerializer<T> CreateReader<T>(TypeShape writtenWith) =>
        Get<T>().Shape.Equals(writtenWith) ? Get<T>() : throw new NotSupportedException("Not yet.");

    /// <summary>The hash and equality of a type of keys.</summary>
    /// <exception cref="UnsupportedTypeException">The type cannot be a key.</exception>
    public KeyHasher<TKey> GetKeyHasher<TKey>()
    {
        TypeShape.Of<TKey>(_registrations);
        throw new NotSupportedException($"No hash for {typeof(TKey)} yet.");
    }
}
