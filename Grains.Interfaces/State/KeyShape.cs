using Millrace.Serialization;

namespace Millrace.State;

/// <summary>Which types can be keys: those whose values are made of simple values alone.</summary>
/// <remarks>
/// A key is hashed and compared by what it is made of, in the same way on every silo and after every restart. A type
/// that compares in a way of its own is therefore refused, and so are collections, which compare by reference.
/// </remarks>
public static class KeyShape
{
    // A key is hashed for every record.
    private const int MaxParts = 256;

    /// <summary>The shape of a type of keys.</summary>
    /// <param name="type">The type.</param>
    /// <param name="registrations">Serializers of the job's own.</param>
    /// <exception cref="UnsupportedTypeException">The type, or one it is made of, cannot be a key.</exception>
    public static TypeShape Of(Type type, SerializerRegistrations? registrations = null)
    {
        TypeShape shape = TypeShape.Of(type, registrations);
        int parts = 0;
        Check(shape, shape.Name, ref parts);
        return shape;
    }

    private static void Check(TypeShape shape, string path, ref int parts)
    {
        string? reason = shape.Kind switch
        {
            ShapeKind.Sequence or ShapeKind.Set or ShapeKind.Map =>
                "a collection equals another only if it is the same object; use a tuple or record of its elements",
            ShapeKind.Opaque =>
                "only its registered serializer knows what it is made of; use the members that identify it",
            _ when ++parts > MaxParts => $"a key is made of at most {MaxParts} parts",
            ShapeKind.Version => "a version has no hash that is the same everywhere; use its text",
            ShapeKind.Uri => "URIs compare by rules of their own; use the text",
            ShapeKind.Struct or ShapeKind.Class when shape.IsRecursive => "it contains itself",
            ShapeKind.Struct or ShapeKind.Class when CustomEquality.Of(shape.Type!) is { } method =>
                $"{method} compares in a way of its own, which a hash that is the same everywhere cannot follow; "
                + "remove it, or use the members that identify it",
            _ => null,
        };
        if (reason is not null)
        {
            throw new UnsupportedTypeException(path, $"{shape.Type} cannot be a key, or part of one: {reason}");
        }

        if (shape.Element is not null)
        {
            Check(shape.Element, path, ref parts);
        }

        foreach (ShapeMember member in shape.Members)
        {
            Check(member.Shape, $"{path}.{member.Name}", ref parts);
        }
    }
}
