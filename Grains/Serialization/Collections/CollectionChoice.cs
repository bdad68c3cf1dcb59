using System.Collections.Immutable;
using Millrace.Serialization.Collections.Immutable;
using Millrace.Serialization.Shapes;

namespace Millrace.Serialization.Collections;

/// <summary>Which serializer takes which type of collection.</summary>
internal static class CollectionChoice
{
    // Serializers whose type arguments are those of the collection.
    private static readonly Dictionary<Type, Type> Exact = new()
    {
        [typeof(List<>)] = typeof(ListSerializer<>),
        [typeof(Queue<>)] = typeof(QueueSerializer<>),
        [typeof(Stack<>)] = typeof(StackSerializer<>),
        [typeof(LinkedList<>)] = typeof(LinkedListSerializer<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArraySerializer<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListSerializer<>),
        [typeof(HashSet<>)] = typeof(HashSetSerializer<>),
        [typeof(SortedSet<>)] = typeof(SortedSetSerializer<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetSerializer<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetSerializer<>),
        [typeof(Dictionary<,>)] = typeof(DictionarySerializer<,>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionarySerializer<,>),
        [typeof(SortedList<,>)] = typeof(SortedListSerializer<,>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionarySerializer<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionarySerializer<,>),
    };

    // Serializers that take the interface itself as well.
    private static readonly Dictionary<Type, Type> ByInterface = new()
    {
        [typeof(IList<>)] = typeof(EnumerableSerializer<,>),
        [typeof(ICollection<>)] = typeof(EnumerableSerializer<,>),
        [typeof(IEnumerable<>)] = typeof(EnumerableSerializer<,>),
        [typeof(IReadOnlyList<>)] = typeof(EnumerableSerializer<,>),
        [typeof(IReadOnlyCollection<>)] = typeof(EnumerableSerializer<,>),
        [typeof(ISet<>)] = typeof(AnySetSerializer<,>),
        [typeof(IReadOnlySet<>)] = typeof(AnySetSerializer<,>),
        [typeof(IDictionary<,>)] = typeof(AnyMapSerializer<,,>),
        [typeof(IReadOnlyDictionary<,>)] = typeof(AnyMapSerializer<,,>),
    };

    /// <summary>True for a collection that never changes, as long as its elements do not.</summary>
    public static bool IsImmutable(Type collection) =>
        collection.IsGenericType && collection.Namespace == typeof(ImmutableArray).Namespace;

    /// <summary>The open type of the serializer, and its arguments.</summary>
    /// <param name="collection">A collection as <see cref="KnownTypes"/> lists them, or an array.</param>
    /// <param name="parts">Its element, or key and element.</param>
    public static (Type Serializer, Type[] Arguments) For(Type collection, params Type[] parts)
    {
        if (collection.IsArray)
        {
            return (typeof(ArraySerializer<>), parts);
        }

        Type definition = collection.GetGenericTypeDefinition();
        return Exact.TryGetValue(definition, out Type? serializer)
            ? (serializer, parts)
            : (ByInterface[definition], [collection, .. parts]);
    }
}
