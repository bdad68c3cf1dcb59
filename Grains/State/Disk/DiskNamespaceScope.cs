using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.State.Disk;

/// <summary>States on the disk that belong to a key and a namespace within it.</summary>
internal sealed class DiskNamespaceScope<TKey, TNamespace> : NamespaceScope<TNamespace>
{
    private readonly KeyedStateSettings _settings;
    private readonly RowCursor<TKey> _key;
    private readonly RowCursor<StateAddress<TKey, TNamespace>> _cursor;
    private readonly StateAddressHasher<TKey, TNamespace> _hasher;

    public DiskNamespaceScope(
        KeyedStateSettings settings,
        RowCursor<TKey> key,
        KeyHasher<TKey> keyHasher,
        TypeSerializer<TKey> keys,
        DiskStates states)
    {
        SerializerSet serializers = settings.Serializers;
        _settings = settings;
        _key = key;
        _hasher = new StateAddressHasher<TKey, TNamespace>(keyHasher, serializers.GetKeyHasher<TNamespace>());
        var codec = new AddressCodec<TKey, TNamespace>(serializers, _hasher, keys, serializers.Get<TNamespace>());
        _cursor = new RowCursor<StateAddress<TKey, TNamespace>>(codec, settings.KeyGroups);
        States = new DiskScope<StateAddress<TKey, TNamespace>>(settings, _cursor, codec, states);
    }

    public override StateScope States { get; }

    public override void Set(in TNamespace space)
    {
        if (!_key.IsSet)
        {
            throw KeylessUse.OfNamespace(_settings.OperatorName);
        }

        // The bucket does not matter: rows are found by their bytes.
        _cursor.Set(new StateAddress<TKey, TNamespace>(in _key.Entry, in space), _key.Hash);
    }

    /// <summary>The key has changed: a namespace is to be set again.</summary>
    public void Clear() => _cursor.Clear();
}
