using Millrace.Functions;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Contracts;

/// <summary>Uses one state of each kind, two of them within namespaces.</summary>
internal sealed class StateUser
{
    private readonly KeyedStateBackend<string> _backend;
    private readonly NamespaceScope<long> _scope;

    public StateUser(KeyedStateBackend<string> backend)
    {
        _backend = backend;
        Value = backend.Keyed.Get(new ValueStateDescriptor<string>("value"));
        List = backend.Keyed.Get(new ListStateDescriptor<int[]>("list"));
        Map = backend.Keyed.Get(new MapStateDescriptor<(int, string), long>("map"));
        Reducing = backend.Keyed.Get(new ReducingStateDescriptor<long>("reducing", (left, right) => left + right));
        Aggregating = backend.Keyed.Get(
            new AggregatingStateDescriptor<int, List<int>, string>("aggregating", new JoinAll()));
        _scope = backend.CreateScope<long>();
        SpacedValue = _scope.States.Get(new ValueStateDescriptor<int>("spaced value"));
        SpacedList = _scope.States.Get(new ListStateDescriptor<string>("spaced list"));
    }

    public IValueState<string> Value { get; }

    public IListState<int[]> List { get; }

    public IMapState<(int Number, string Name), long> Map { get; }

    public IReducingState<long> Reducing { get; }

    public IAggregatingState<int, string> Aggregating { get; }

    public IValueState<int> SpacedValue { get; }

    public IListState<string> SpacedList { get; }

    public bool Owns(string key) => _backend.Settings.Range.Contains(
        KeyGroupAssignment.KeyGroupOf(_backend.Hasher.Hash(in key), _backend.Settings.KeyGroups));

    public void Begin(string key) => _backend.SetKey(in key, _backend.Hasher.Hash(in key));

    public void Space(long space) => _scope.Set(in space);

    public void End() => _backend.ClearKey();

    public byte[] Snapshot() => _backend.Snapshot();

    public FrozenState Freeze() => _backend.Freeze(SnapshotOrder.Everything);

    private sealed class JoinAll : IAggregateFunction<int, List<int>, string>
    {
        public List<int> CreateAccumulator() => [];

        public List<int> Add(int value, List<int> accumulator)
        {
            accumulator.Add(value);
            return accumulator;
        }

        public string GetResult(List<int> accumulator) => string.Join(',', accumulator);

        public List<int> Merge(List<int> left, List<int> right) => [.. left, .. right];
    }
}
