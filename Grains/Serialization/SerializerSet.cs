using Millrace.Serialization.Keys;
using Millrace.State;

namespace Millrace.Serialization;

/// <summary>
/// The serializers of one job on one silo. Generated when first asked for; safe for all its subtasks at once.
/// </summary>
/// <remarks>Nothing of a job's types is kept elsewhere: when the set is dropped, the job's load context can
/// go.</remarks>
internal sealed class SerializerSet
{
    private readonly Lock _lock = new();
    private readonly SerializerRegistrations? _registrations;
    private readonly Dictionary<Type, TypeSerializer> _present = [];
    private readonly Dictionary<Type, object> _hashers = [];
    private SerializerBuilder _builder;

    public SerializerSet(SerializerRegistrations? registrations = null)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Records are read and written on little-endian machines only.");
        }

        _registrations = registrations;
        _builder = new SerializerBuilder(registrations);
    }

    /// <summary>The serializer of a type.</summary>
    /// <exception cref="UnsupportedTypeException">The type, or one it is made of, cannot be serialized.</exception>
    public TypeSerializer<T> Get<T>()
    {
        lock (_lock)
        {
            if (!_present.TryGetValue(typeof(T), out TypeSerializer? serializer))
            {
                TypeShape shape = TypeShape.Of<T>(_registrations);
                serializer = Build(shape, shape);
                _present.Add(typeof(T), serializer);
            }

            return (TypeSerializer<T>)serializer;
        }
    }

    /// <summary>
    /// A serializer that reads what was written with an older shape of a type, and writes the present one.
    /// </summary>
    /// <returns>The serializer of the type when the shape is still the same.</returns>
    /// <exception cref="IncompatibleShapeException">The present shape cannot take such data over.</exception>
    public TypeSerializer<T> CreateReader<T>(TypeShape writtenWith)
    {
        ArgumentNullException.ThrowIfNull(writtenWith);
        TypeSerializer<T> present = Get<T>();
        if (writtenWith.Equals(present.Shape))
        {
            return present;
        }

        lock (_lock)
        {
            new ShapeMatching(_registrations).Check(writtenWith, present.Shape);
            return (TypeSerializer<T>)Build(writtenWith, present.Shape);
        }
    }

    /// <summary>The hash and equality of a type of keys.</summary>
    /// <exception cref="UnsupportedTypeException">The type cannot be a key.</exception>
    public KeyHasher<TKey> GetKeyHasher<TKey>()
    {
        lock (_lock)
        {
            if (!_hashers.TryGetValue(typeof(TKey), out object? hasher))
            {
                hasher = KeyHasherBuilder.Build<TKey>(_registrations);
                _hashers.Add(typeof(TKey), hasher);
            }

            return (KeyHasher<TKey>)hasher;
        }
    }

    private TypeSerializer Build(TypeShape written, TypeShape target)
    {
        try
        {
            TypeSerializer serializer = _builder.SerializerOf(written, target);
            _builder.Complete();
            return serializer;
        }
        catch
        {
            // Half-made methods may be left behind; whoever has a serializer keeps what that one needs.
            _builder = new SerializerBuilder(_registrations);
            throw;
        }
    }
}
