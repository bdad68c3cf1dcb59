using Microsoft.Extensions.Time.Testing;
using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.State;

/// <summary>State of keys that never come again goes when its time is over, though nobody asks for it.</summary>
[TestClass]
public sealed class ExpirySweepTests : IDisposable
{
    private const int Keys = 1_000;

    private static readonly StateTtlConfig Minute = new(TimeSpan.FromMinutes(1));

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly HeapStateBackend<string> _backend;

    public ExpirySweepTests() => _backend = new HeapStateBackend<string>(
        new KeyedStateSettings("Op", new SerializerSet(), 16, new KeyGroupRange(0, 16), _clock));

    public void Dispose() => _backend.Dispose();

    [TestMethod]
    public void Values_of_keys_that_never_come_again_go()
    {
        IValueState<string> state = _backend.Keyed.Get(
            new ValueStateDescriptor<string>("state") { TimeToLive = Minute });
        Verify(() => state.Update("here"), () => Assert.AreEqual("here", state.Value));
    }

    [TestMethod]
    public void Lists_of_keys_that_never_come_again_go()
    {
        IListState<int> state = _backend.Keyed.Get(new ListStateDescriptor<int>("state") { TimeToLive = Minute });
        Verify(() => state.Add(7), () => Assert.IsGreaterThan(0, state.Count));
    }

    [TestMethod]
    public void Maps_of_keys_that_never_come_again_go()
    {
        IMapState<int, int> state = _backend.Keyed.Get(
            new MapStateDescriptor<int, int>("state") { TimeToLive = Minute });
        Verify(() => state[1] = state[2] = 3, () => Assert.AreEqual(3, state[2]));
    }

    [TestMethod]
    public void Accumulated_values_of_keys_that_never_come_again_go()
    {
        IReducingState<long> state = _backend.Keyed.Get(
            new ReducingStateDescriptor<long>("state", (left, right) => left + right) { TimeToLive = Minute });
        Verify(() => state.Add(1), () => Assert.IsGreaterThan(0, state.Value));
    }

    // One key with ever new entries, none of which is asked for again: as many stay as are used within the time.
    [TestMethod]
    public void Entries_of_a_map_that_nobody_asks_for_go_though_others_are_used()
    {
        IMapState<int, int> state = _backend.Keyed.Get(
            new MapStateDescriptor<int, int>("state") { TimeToLive = Minute });
        Begin("key");
        int bytesOfAMinute = 0;
        for (int i = 0; i < 20 * Keys; i++)
        {
            _clock.Advance(Minute.Duration / Keys);
            state[i] = i;
            bytesOfAMinute = i == Keys ? Bytes() : bytesOfAMinute;
            Begin("key");
        }

        Assert.IsLessThan(3 * bytesOfAMinute, Bytes());
        Begin("key");
        Assert.AreEqual(Keys, state.Count, "those of the last minute are there");
    }

    [TestMethod]
    public void What_has_gone_is_gone_from_snapshots_that_hold_changes_only()
    {
        IValueState<string> state = _backend.Keyed.Get(
            new ValueStateDescriptor<string>("state") { TimeToLive = Minute });
        Verify(() => state.Update("here"), () => Assert.AreEqual("here", state.Value));
        using var restored = new HeapStateBackend<string>(_backend.Settings);
        restored.Restore([_backend.Snapshot()]);
        restored.Keyed.Get(new ValueStateDescriptor<string>("state") { TimeToLive = Minute });

        Assert.HasCount(1, restored.KeysOf("state"));
    }

    // What lives is used all the while: a thousand keys are looked at long before as many uses.
    private void Verify(Action use, Action requireAlive)
    {
        for (int i = 0; i < Keys; i++)
        {
            Begin($"key {i}");
            use();
        }

        Assert.HasCount(Keys, _backend.KeysOf("state"));
        _clock.Advance(2 * Minute.Duration);
        Begin("alive");
        for (int i = 0; i < Keys / 2; i++)
        {
            use();
        }

        CollectionAssert.AreEqual(new[] { "alive" }, _backend.KeysOf("state"));
        Begin("alive");
        requireAlive();
    }

    private void Begin(string key) => _backend.SetKey(in key, _backend.Hasher.Hash(in key));

    private int Bytes()
    {
        _backend.ClearKey();
        return _backend.Snapshot().Length;
    }
}
