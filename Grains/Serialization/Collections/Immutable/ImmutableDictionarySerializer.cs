using System.Collections.Immutable;

namespace Millrace.Serialization.Collections.Immutable;

/// <summary>An immutable dictionary or null.</summary>
internal sealed class ImmutableDictionarySerializer<TKey, TValue>(
    TypeShape shape, TypeSerializer<TKey> keys, TypeSerializer<TValue> values)
    : ConvertedSerializer<ImmutableDictionary<TKey, TValue>, Dictionary<TKey, TValue>>(
        new DictionarySerializer<TKey, TValue>(shape, keys, values), keys.IsImmutable && values.IsImmutable)
    where TKey : notnull
{
    protected override Dictionary<TKey, TValue> Open(ImmutableDictionary<TKey, TValue> value)
    {
        ComparerCode.RequireDefault(value.ValueComparer);
        return new Dictionary<TKey, TValue>(value, value.KeyComparer);
    }

    protected override ImmutableDictionary<TKey, TValue> Close(Dictionary<TKey, TValue> value) =>
        value.ToImmutableDictionary(value.Comparer);
}
