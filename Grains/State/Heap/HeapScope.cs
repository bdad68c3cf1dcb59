using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>Makes states in memory whose entries are found by the same thing.</summary>
/// <param name="settings">Of the operator.</param>
/// <param name="cursor">Says which entry is at work.</param>
/// <param name="codec">Of what entries are found by.</param>
/// <param name="register">Makes a state part of the snapshots and gives it what was restored.</param>
internal sealed class HeapScope<TEntry>(
    KeyedStateSettings settings,
    StateCursor<TEntry> cursor,
    EntryCodec<TEntry> codec,
    Action<KeyedSection> register)
    : StateScope(settings)
{
    private readonly SerializerSet _serializers = settings.Serializers;
    private readonly string _operatorName = settings.OperatorName;

    protected override IKeptValue<T> CreateValue<T>(string name, Func<T>? defaultValue)
    {
        var state = new HeapValueState<TEntry, T>(Parts(name), _serializers.Get<T>(), _serializers, defaultValue);
        register(state);
        return state;
    }

    protected override IListState<T> CreateList<T>(string name)
    {
        var state = new HeapListState<TEntry, T>(Parts(name), _serializers.Get<T>(), _serializers);
        register(state);
        return state;
    }

    protected override IMapState<TKey, TValue> CreateMap<TKey, TValue>(string name)
    {
        var state = new HeapMapState<TEntry, TKey, TValue>(
            Parts(name), _serializers, _serializers.Get<TKey>(), _serializers.Get<TValue>());
        register(state);
        return state;
    }

    private HeapStateParts<TEntry> Parts(string name) => new(_operatorName, name, cursor, codec);
}
