using Millrace.Serialization.Shapes;

namespace Millrace.Serialization;

/// <summary>What a type looks like to the serializer: its kind, and the shapes it is made of.</summary>
/// <remarks>
/// Found by reflection alone, so that a type that cannot be serialized is refused while the graph is built. Stored
/// beside data that outlives the job (<see cref="ShapeCodec"/>), so that it can still be read when the type has
/// changed. A shape may contain itself. Two shapes are equal when they stand for the same bytes, whatever the types are
/// called.
/// </remarks>
public sealed class TypeShape : IEquatable<TypeShape>
{
    private IReadOnlyList<ShapeMember>? _wireOrder;

    internal TypeShape(ShapeKind kind, string name, Type? type)
    {
        Kind = kind;
        Name = name;
        Type = type;
    }

    /// <summary>What it is.</summary>
    public ShapeKind Kind { get; }

    /// <summary>The name of the type, for people; that of an opaque one also identifies its format.</summary>
    public string Name { get; }

    /// <summary>The type; null for a shape read from bytes.</summary>
    public Type? Type { get; }

    /// <summary>
    /// Members of a struct or class in the order of declaration, those of base types first; else empty.
    /// </summary>
    public IReadOnlyList<ShapeMember> Members { get; internal set; } = [];

    /// <summary>
    /// The element of a nullable, sequence, set or map, or the number behind an enumeration; else null.
    /// </summary>
    public TypeShape? Element { get; internal set; }

    /// <summary>The key of a map; else null.</summary>
    public TypeShape? Key { get; internal set; }

    /// <summary>Version of an opaque format; else 0.</summary>
    public int Version { get; internal init; }

    /// <summary>True when values can contain values of the same type.</summary>
    public bool IsRecursive { get; internal set; }

    /// <summary>Members as they are written: those of fixed size first, else in order of declaration.</summary>
    internal IReadOnlyList<ShapeMember> WireOrder => _wireOrder ??=
        [.. Members.OrderBy(member => member.Shape.FixedBytes > 0 ? 0 : 1)];

    /// <summary>True when the type has members that are left out.</summary>
    internal bool HasIgnored { get; set; }

    /// <summary>Whether values are in memory as they are written; null until somebody has looked.</summary>
    internal bool? IsBlock { get; set; }

    /// <summary>How a class or struct is made; null for other kinds, and for a shape read from bytes.</summary>
    internal ShapeConstruction? Construction { get; set; }

    /// <summary>Bytes of any value when that is the same for all; 0 when it is not.</summary>
    internal int FixedBytes { get; set; }

    /// <summary>Fewest bytes of any value, at least 1.</summary>
    internal int MinBytes { get; set; }

    /// <summary>The shape of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="registrations">Types with serializers of their own, which are not looked into.</param>
    /// <exception cref="UnsupportedTypeException">The type, or one it is made of, cannot be serialized.</exception>
    public static TypeShape Of(Type type, SerializerRegistrations? registrations = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new ShapeAnalysis(registrations).Analyze(type);
    }

    /// <summary>The shape of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="registrations">Types with serializers of their own, which are not looked into.</param>
    /// <exception cref="UnsupportedTypeException">The type, or one it is made of, cannot be serialized.</exception>
    public static TypeShape Of<T>(SerializerRegistrations? registrations = null) => Of(typeof(T), registrations);

    /// <summary>The shape of a type whose serializer alone knows the format.</summary>
    /// <param name="type">The type.</param>
    /// <param name="version">Version of the format, from 1.</param>
    public static TypeShape Opaque(Type type, int version)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(version);
        return new TypeShape(ShapeKind.Opaque, type.ToString(), type) { Version = version, MinBytes = 1 };
    }

    /// <inheritdoc/>
    public bool Equals(TypeShape? other) => other is not null && ShapeComparison.AreEqual(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TypeShape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Members.Count, Version);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
