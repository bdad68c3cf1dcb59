using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>States in memory that belong to a key and a namespace within it.</summary>
internal sealed class HeapNamespaceScope<TKey, TNamespace> : NamespaceScope<TNamespace>
{
    private readonly KeyedStateSettings _settings;
    private readonly StateCursor<TKey> _key;
    private readonly StateCursor<StateAddress<TKey, TNamespace>> _cursor = new();
    private readonly StateAddressHasher<TKey, TNamespace> _hasher;

    public HeapNamespaceScope(
        KeyedStateSettings settings,
        StateCursor<TKey> key,
        KeyHasher<TKey> keyHasher,
        TypeSerializer<TKey> keys,
        Action<KeyedSection> register)
    {
        SerializerSet serializers = settings.Serializers;
        _settings = settings;
        _key = key;
        _hasher = new StateAddressHasher<TKey, TNamespace>(keyHasher, serializers.GetKeyHasher<TNamespace>());
        States = new HeapScope<StateAddress<TKey, TNamespace>>(
            settings,
            _cursor,
            new AddressCodec<TKey, TNamespace>(serializers, _hasher, keys, serializers.Get<TNamespace>()),
            register);
    }

    public override StateScope States { get; }

    public override void Set(in TNamespace space)
    {
        if (!_key.IsSet)
        {
            throw KeylessUse.OfNamespace(_settings.OperatorName);
        }

        _cursor.Set(new StateAddress<TKey, TNamespace>(in _key.Entry, in space), _hasher.Combine(_key.Hash, in space));
    }

    /// <summary>The key has changed: a namespace is to be set again.</summary>
    public void Clear() => _cursor.Clear();
}
