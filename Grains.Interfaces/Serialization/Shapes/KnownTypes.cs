using System.Collections.Immutable;
using System.Numerics;

namespace Millrace.Serialization.Shapes;

/// <summary>Types of the framework that have a form of their own; others of the framework are refused.</summary>
internal static class KnownTypes
{
    private static readonly Dictionary<Type, ShapeKind> Simple = new()
    {
        [typeof(bool)] = ShapeKind.Boolean,
        [typeof(byte)] = ShapeKind.Byte,
        [typeof(sbyte)] = ShapeKind.SByte,
        [typeof(short)] = ShapeKind.Int16,
        [typeof(ushort)] = ShapeKind.UInt16,
        [typeof(char)] = ShapeKind.Char,
        [typeof(int)] = ShapeKind.Int32,
        [typeof(uint)] = ShapeKind.UInt32,
        [typeof(long)] = ShapeKind.Int64,
        [typeof(ulong)] = ShapeKind.UInt64,
        [typeof(Int128)] = ShapeKind.Int128,
        [typeof(UInt128)] = ShapeKind.UInt128,
        [typeof(Half)] = ShapeKind.Half,
        [typeof(float)] = ShapeKind.Single,
        [typeof(double)] = ShapeKind.Double,
        [typeof(decimal)] = ShapeKind.Decimal,
        [typeof(Guid)] = ShapeKind.Guid,
        [typeof(DateTime)] = ShapeKind.DateTime,
        [typeof(DateTimeOffset)] = ShapeKind.DateTimeOffset,
        [typeof(TimeSpan)] = ShapeKind.TimeSpan,
        [typeof(DateOnly)] = ShapeKind.DateOnly,
        [typeof(TimeOnly)] = ShapeKind.TimeOnly,
        [typeof(string)] = ShapeKind.String,
        [typeof(BigInteger)] = ShapeKind.BigInteger,
        [typeof(Uri)] = ShapeKind.Uri,
        [typeof(Version)] = ShapeKind.Version,
    };

    private static readonly Dictionary<Type, ShapeKind> Collections = new()
    {
        [typeof(List<>)] = ShapeKind.Sequence,
        [typeof(IList<>)] = ShapeKind.Sequence,
        [typeof(ICollection<>)] = ShapeKind.Sequence,
        [typeof(IEnumerable<>)] = ShapeKind.Sequence,
        [typeof(IReadOnlyList<>)] = ShapeKind.Sequence,
        [typeof(IReadOnlyCollection<>)] = ShapeKind.Sequence,
        [typeof(Queue<>)] = ShapeKind.Sequence,
        [typeof(Stack<>)] = ShapeKind.Sequence,
        [typeof(LinkedList<>)] = ShapeKind.Sequence,
        [typeof(ImmutableArray<>)] = ShapeKind.Sequence,
        [typeof(ImmutableList<>)] = ShapeKind.Sequence,
        [typeof(HashSet<>)] = ShapeKind.Set,
        [typeof(SortedSet<>)] = ShapeKind.Set,
        [typeof(ImmutableHashSet<>)] = ShapeKind.Set,
        [typeof(ImmutableSortedSet<>)] = ShapeKind.Set,
        [typeof(ISet<>)] = ShapeKind.Set,
        [typeof(IReadOnlySet<>)] = ShapeKind.Set,
        [typeof(Dictionary<,>)] = ShapeKind.Map,
        [typeof(SortedDictionary<,>)] = ShapeKind.Map,
        [typeof(SortedList<,>)] = ShapeKind.Map,
        [typeof(ImmutableDictionary<,>)] = ShapeKind.Map,
        [typeof(ImmutableSortedDictionary<,>)] = ShapeKind.Map,
        [typeof(IDictionary<,>)] = ShapeKind.Map,
        [typeof(IReadOnlyDictionary<,>)] = ShapeKind.Map,
    };

    // Their fields are their parts, for good: they are looked into like types of the program.
    private static readonly HashSet<Type> Transparent =
    [
        typeof(KeyValuePair<,>),
        typeof(ValueTuple),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>),
        typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(Tuple<,,,,,,,>),
    ];

    private static readonly HashSet<string> FrameworkKeys = new(StringComparer.Ordinal)
    {
        "7CEC85D7BEA7798E", "B03F5F7F11D50A3A", "B77A5C561934E089", "CC7B13FFCD2DDD51", "ADB9793829DDAE60",
        "31BF3856AD364E35",
    };

    /// <summary>The kind of a type that is written as one value without parts.</summary>
    public static bool IsSimple(Type type, out ShapeKind kind) => Simple.TryGetValue(type, out kind);

    /// <summary>The kind of a collection: its generic arguments are the element, or key and element.</summary>
    public static bool IsCollection(Type type, out ShapeKind kind)
    {
        kind = default;
        if (type == typeof(ReadOnlyMemory<byte>) || type == typeof(Memory<byte>))
        {
            kind = ShapeKind.Sequence;
            return true;
        }

        return type.IsGenericType && Collections.TryGetValue(type.GetGenericTypeDefinition(), out kind);
    }

    /// <summary>True for a type that comes with the framework and whose fields are nobody's business.</summary>
    public static bool IsClosed(Type type)
    {
        Type definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        byte[]? key = type.Assembly.GetName().GetPublicKeyToken();
        return !Transparent.Contains(definition) && key is not null && FrameworkKeys.Contains(Convert.ToHexString(key));
    }
}
