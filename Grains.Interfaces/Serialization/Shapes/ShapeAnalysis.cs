using System.Runtime.CompilerServices;

namespace Millrace.Serialization.Shapes;

/// <summary>Finds the shape of a type by reflection, and refuses what cannot be serialized.</summary>
internal sealed class ShapeAnalysis(SerializerRegistrations? registrations)
{
    // A generic type that contains itself with a larger argument has no end.
    private const int MaxTypeDepth = 64;

    private const string Remedy =
        "leave the member out with [MillraceIgnore], or register a serializer with env.RegisterSerializer";

    private readonly Dictionary<Type, TypeShape> _shapes = [];
    private readonly List<string> _path = [];

    public TypeShape Analyze(Type type)
    {
        _path.Add(ShapeNames.Of(type));
        TypeShape root = ShapeOf(type);
        if (ShapeSizes.Settle(_shapes.Values) is { } endless)
        {
            throw Refused(endless.Type!, "it contains itself as a value");
        }

        ShapeCycles.Mark(_shapes.Values);
        return root;
    }

    /// <summary>The error for a type that stands where the analysis is.</summary>
    public UnsupportedTypeException Refused(Type type, string reason) =>
        new(string.Concat(_path), $"{type} cannot be serialized: {reason}; {Remedy}");

    /// <summary>The shape of a type that stands below the present one.</summary>
    /// <param name="segment">How the path goes on: <c>.Name</c>, <c>[]</c>, <c>[key]</c>.</param>
    /// <param name="type">The type.</param>
    public TypeShape ShapeBelow(string segment, Type type)
    {
        _path.Add(segment);
        if (_path.Count > MaxTypeDepth || _shapes.Count >= ShapeGraph.MaxNodes)
        {
            throw Refused(type, "it lies too deep within its record, or its record is made of too many types");
        }

        TypeShape shape = ShapeOf(type);
        _path.RemoveAt(_path.Count - 1);
        return shape;
    }

    private TypeShape ShapeOf(Type type)
    {
        if (_shapes.TryGetValue(type, out TypeShape? known))
        {
            return known;
        }

        if (registrations is not null && registrations.TryGet(type, out TypeSerializer? serializer))
        {
            return serializer.Shape.Kind == ShapeKind.Opaque
                ? Keep(type, serializer.Shape)
                : throw Refused(type, "the shape of the serializer registered for it is not an opaque one");
        }

        if (KnownTypes.IsSimple(type, out ShapeKind simple))
        {
            return Keep(type, new TypeShape(simple, ShapeNames.Of(type), type));
        }

        if (type.IsSZArray || KnownTypes.IsCollection(type, out _))
        {
            return CollectionShape(type);
        }

        RefuseWhatIsNoData(type);
        if (type.IsEnum)
        {
            return WrapperShape(ShapeKind.Enum, type, Enum.GetUnderlyingType(type));
        }

        return Nullable.GetUnderlyingType(type) is { } inner
            ? WrapperShape(ShapeKind.Nullable, type, inner)
            : CompositeShape(type);
    }

    private TypeShape Keep(Type type, TypeShape shape)
    {
        _shapes.Add(type, shape);
        return shape;
    }

    private TypeShape WrapperShape(ShapeKind kind, Type type, Type inner)
    {
        TypeShape shape = Keep(type, new TypeShape(kind, ShapeNames.Of(type), type));
        shape.Element = ShapeBelow("", inner);
        return shape;
    }

    private TypeShape CollectionShape(Type type)
    {
        ShapeKind kind = KnownTypes.IsCollection(type, out ShapeKind found) ? found : ShapeKind.Sequence;
        Type[] arguments = type.IsSZArray ? [type.GetElementType()!] : type.GetGenericArguments();
        TypeShape shape = Keep(type, new TypeShape(kind, ShapeNames.Of(type), type));
        if (kind == ShapeKind.Map)
        {
            shape.Key = ShapeBelow("[key]", arguments[0]);
        }

        shape.Element = ShapeBelow(kind == ShapeKind.Map ? "[value]" : "[]", arguments[^1]);
        return shape;
    }

    private TypeShape CompositeShape(Type type)
    {
        ShapeKind kind = type.IsValueType ? ShapeKind.Struct : ShapeKind.Class;
        TypeShape shape = Keep(type, new TypeShape(kind, ShapeNames.Of(type), type));
        MemberAnalysis members = new(this, type);
        shape.Members = members.MembersOf();
        shape.HasIgnored = members.HasIgnored;
        shape.Construction = ConstructorChoice.For(type, shape.Members)
            ?? throw Refused(
                type,
                "no constructor can make it; it needs one without parameters, or one whose parameters all have the "
                + "name and type of a member");
        return shape;
    }

    private void RefuseWhatIsNoData(Type type)
    {
        string? reason = type switch
        {
            _ when type == typeof(object) => "anything may stand behind object",
            { IsArray: true } => "only arrays of one dimension starting at zero are supported",
            { IsPointer: true } or { IsFunctionPointer: true } or { IsByRef: true } or { IsByRefLike: true }
                => "a pointer or reference means nothing elsewhere",
            { ContainsGenericParameters: true } => "its type arguments are open",
            _ when type.IsSubclassOf(typeof(Delegate)) || type == typeof(Delegate) || type == typeof(MulticastDelegate)
                => "a delegate is code, not data",
            { IsInterface: true } => "an interface does not say what stands behind it",
            { IsAbstract: true } => "an abstract type does not say what stands behind it",
            { IsEnum: true } => null,
            _ when Nullable.GetUnderlyingType(type) is not null => null,
            _ when type.IsDefined(typeof(InlineArrayAttribute), inherit: false) => "an inline array hides its elements",
            _ when KnownTypes.IsClosed(type) => "it is a type of the framework without a form of its own here",
            _ => null,
        };
        if (reason is not null)
        {
            throw Refused(type, reason);
        }
    }
}
