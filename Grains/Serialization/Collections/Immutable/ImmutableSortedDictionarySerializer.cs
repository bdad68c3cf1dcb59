using System.Collections.Immutable;

namespace Millrace.Serialization.Collections.Immutable;

/// <summary>An immutable sorted dictionary or null.</summary>
internal sealed class ImmutableSortedDictionarySerializer<TKey, TValue>(
    TypeShape shape, TypeSerializer<TKey> keys, TypeSerializer<TValue> values)
    : ConvertedSerializer<ImmutableSortedDictionary<TKey, TValue>, SortedDictionary<TKey, TValue>>(
        new SortedDictionarySerializer<TKey, TValue>(shape, keys, values), keys.IsImmutable && values.IsImmutable)
    where TKey : notnull
{
    protected override SortedDictionary<TKey, TValue> Open(ImmutableSortedDictionary<TKey, TValue> value)
    {
        ComparerCode.RequireDefault(value.ValueComparer);
        return new SortedDictionary<TKey, TValue>(value, value.KeyComparer);
    }

    protected override ImmutableSortedDictionary<TKey, TValue> Close(SortedDictionary<TKey, TValue> value) =>
        value.ToImmutableSortedDictionary(value.Comparer);
}
