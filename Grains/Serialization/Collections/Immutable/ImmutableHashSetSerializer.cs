using System.Collections.Immutable;

namespace Millrace.Serialization.Collections.Immutable;

/// <summary>An immutable hash set or null.</summary>
internal sealed class ImmutableHashSetSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : ConvertedSerializer<ImmutableHashSet<T>, HashSet<T>>(
        new HashSetSerializer<T>(shape, elements), elements.IsImmutable)
{
    protected override HashSet<T> Open(ImmutableHashSet<T> value) => new(value, value.KeyComparer);

    protected override ImmutableHashSet<T> Close(HashSet<T> value) => value.ToImmutableHashSet(value.Comparer);
}
