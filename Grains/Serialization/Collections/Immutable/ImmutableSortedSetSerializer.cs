using System.Collections.Immutable;

namespace Millrace.Serialization.Collections.Immutable;

/// <summary>An immutable sorted set or null.</summary>
internal sealed class ImmutableSortedSetSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : ConvertedSerializer<ImmutableSortedSet<T>, SortedSet<T>>(
        new SortedSetSerializer<T>(shape, elements), elements.IsImmutable)
{
    protected override SortedSet<T> Open(ImmutableSortedSet<T> value) => new(value, value.KeyComparer);

    protected override ImmutableSortedSet<T> Close(SortedSet<T> value) => value.ToImmutableSortedSet(value.Comparer);
}
