using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.State.Disk;

/// <summary>Makes states on the disk whose entries are found by the same thing.</summary>
/// <param name="settings">Of the operator.</param>
/// <param name="cursor">Says which entry is at work.</param>
/// <param name="codec">Of what entries are found by.</param>
/// <param name="states">All states of the operator.</param>
internal sealed class DiskScope<TEntry>(
    KeyedStateSettings settings, RowCursor<TEntry> cursor, EntryCodec<TEntry> codec, DiskStates states)
    : StateScope(settings)
{
    private readonly SerializerSet _serializers = settings.Serializers;
    private readonly KeyedStateSettings _settings = settings;

    /// <summary>Those that were asked for.</summary>
    public List<DiskState> States { get; } = [];

    protected override IKeptValue<T> CreateValue<T>(string name, Func<T>? defaultValue) => Add(
        new DiskValueState<TEntry, T>(Parts(name), _serializers.Get<T>(), _serializers, defaultValue));

    protected override IListState<T> CreateList<T>(string name) => Add(
        new DiskListState<TEntry, T>(Parts(name), _serializers.Get<T>(), _serializers));

    protected override IMapState<TKey, TValue> CreateMap<TKey, TValue>(string name) => Add(
        new DiskMapState<TEntry, TKey, TValue>(
            Parts(name), _serializers, _serializers.Get<TKey>(), _serializers.Get<TValue>()));

    private DiskStateParts<TEntry> Parts(string name) =>
        new(_settings, name, states.Count, cursor, codec, states.Rows, states.Writer);

    private TState Add<TState>(TState state)
        where TState : DiskState
    {
        // To take over what was restored, entries are gone through.
        bool isSet = cursor.IsSet;
        TEntry entry = cursor.Entry;
        ulong hash = cursor.Hash;
        states.Add(state);
        if (isSet)
        {
            cursor.Set(in entry, hash);
        }
        else
        {
            cursor.Clear();
        }

        States.Add(state);
        return state;
    }
}
