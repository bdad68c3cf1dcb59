using System.Reflection;

namespace Millrace.Serialization;

/// <summary>Finds who reads values in a format that only a registered serializer knows.</summary>
internal sealed class OpaqueReader(SerializerRegistrations? registrations)
{
    private const BindingFlags Private = BindingFlags.Static | BindingFlags.NonPublic;

    /// <summary>The serializer of the present type that reads what was written; null when there is none.</summary>
    public TypeSerializer? Find(TypeShape written, TypeShape target)
    {
        if (registrations is null || !registrations.TryGet(target.Type!, out TypeSerializer? serializer))
        {
            return null;
        }

        MethodInfo find = typeof(OpaqueReader).GetMethod(nameof(ReaderOf), Private)!;
        return (TypeSerializer?)find.MakeGenericMethod(serializer.Type).Invoke(null, [serializer, written]);
    }

    /// <summary>A serializer that reads what was written, for whatever type; null when there is none.</summary>
    public TypeSerializer? Find(TypeShape written) => registrations?.Types
        .Where(type => type.ToString() == written.Name)
        .Select(type => Find(written, TypeShape.Of(type, registrations)))
        .FirstOrDefault(reader => reader is not null);

    private static TypeSerializer<T>? ReaderOf<T>(TypeSerializer<T> serializer, TypeShape written) =>
        serializer.ReaderOf(written);
}
