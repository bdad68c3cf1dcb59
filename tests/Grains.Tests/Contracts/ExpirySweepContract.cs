using Microsoft.Extensions.Time.Testing;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Contracts;

/// <summary>State of keys that never come again goes when its time is over, though nobody asks for it, whatever it is
/// kept in.</summary>
public abstract class ExpirySweepContract
{
    private const int Keys = 1_000;
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly StateTtlConfig Minute = new(TimeSpan.FromMinutes(1));

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private KeyedStateBackend<string>? _backend;

    private KeyedStateBackend<string> Backend => _backend ??= Create(Settings);

    private KeyedStateSettings Settings => field ??= new KeyedStateSettings(
        "Op", new SerializerSet(), 16, new KeyGroupRange(0, 16), _clock);

    [TestMethod]
    public void Values_of_keys_that_never_come_again_go()
    {
        IValueState<string> state = Backend.Keyed.Get(
            new ValueStateDescriptor<string>("state") { TimeToLive = Minute });
        Verify(() => state.Update("here"), () => Assert.AreEqual("here", state.Value));
    }

    [TestMethod]
    public void Lists_of_keys_that_never_come_again_go()
    {
        IListState<int> state = Backend.Keyed.Get(new ListStateDescriptor<int>("state") { TimeToLive = Minute });
        Verify(() => state.Add(7), () => Assert.IsGreaterThan(0, state.Count));
    }

    // Who goes through it by index has asked how many there are before.
    [TestMethod]
    public void A_list_that_is_gone_through_by_index_stays_as_long()
    {
        IListState<int> state = Backend.Keyed.Get(new ListStateDescriptor<int>("state")
        {
            TimeToLive = new StateTtlConfig(TimeSpan.FromMinutes(1))
            {
                Visibility = StateTtlVisibility.ReturnIfNotCleanedUp,
            },
        });
        Begin("a");
        state.AddAll(Enumerable.Range(0, 100));
        _clock.Advance(TimeSpan.FromMinutes(2));

        for (int i = 0; i < 100; i++)
        {
            Assert.AreEqual(i, state[i]);
        }
    }

    [TestMethod]
    public void Maps_of_keys_that_never_come_again_go()
    {
        IMapState<int, int> state = Backend.Keyed.Get(
            new MapStateDescriptor<int, int>("state") { TimeToLive = Minute });
        Verify(() => state[1] = state[2] = 3, () => Assert.AreEqual(3, state[2]));
    }

    // Keys of a map that have several forms, and values of any length.
    [TestMethod]
    public void Maps_of_other_keys_and_values_go_too()
    {
        IMapState<decimal, string> state = Backend.Keyed.Get(
            new MapStateDescriptor<decimal, string>("state") { TimeToLive = Minute });
        Verify(() => state[1.50m] = "here", () => Assert.AreEqual("here", state[1.5m]));
    }

    [TestMethod]
    public void Numbers_of_keys_that_never_come_again_go()
    {
        IValueState<int> state = Backend.Keyed.Get(new ValueStateDescriptor<int>("state") { TimeToLive = Minute });
        Verify(() => state.Update(7), () => Assert.AreEqual(7, state.Value));
    }

    [TestMethod]
    public void Accumulated_values_of_keys_that_never_come_again_go()
    {
        IReducingState<long> state = Backend.Keyed.Get(
            new ReducingStateDescriptor<long>("state", (left, right) => left + right) { TimeToLive = Minute });
        Verify(() => state.Add(1), () => Assert.IsGreaterThan(0, state.Value));
    }

    // One key with ever new entries, none of which is asked for again: as many stay as are used within the time. Those
    // of a time stand side by side, so that one that is left stands behind many that are gone.
    [TestMethod]
    public void Entries_of_a_map_that_nobody_asks_for_go_though_others_are_used()
    {
        IMapState<string, int> state = Backend.Keyed.Get(
            new MapStateDescriptor<string, int>("state") { TimeToLive = Minute });
        Begin("key");
        int bytesOfAMinute = 0;
        for (int i = 0; i < 20 * Keys; i++)
        {
            _clock.Advance(Minute.Duration / Keys);
            state[$"{i:D8}"] = i;
            bytesOfAMinute = i == Keys ? Bytes() : bytesOfAMinute;
            if (i % (Keys / 4) == 0)
            {
                // A checkpoint: what is at hand goes to the disk.
                Bytes();
            }

            Begin("key");
        }

        Assert.IsLessThan(3 * bytesOfAMinute, Bytes());
        Begin("key");
        Assert.AreEqual(Keys, state.Count, "those of the last minute are there");
    }

    [TestMethod]
    public void What_has_gone_is_gone_from_snapshots_that_hold_changes_only()
    {
        IValueState<string> state = Backend.Keyed.Get(
            new ValueStateDescriptor<string>("state") { TimeToLive = Minute });
        Verify(() => state.Update("here"), () => Assert.AreEqual("here", state.Value));
        KeyedStateBackend<string> restored = Create(Settings);
        restored.Restore([Backend.Snapshot()]);
        restored.Keyed.Get(new ValueStateDescriptor<string>("state") { TimeToLive = Minute });

        Assert.HasCount(1, restored.KeysOf("state"));
    }

    // What has expired when it is restored, in one backend after the other.
    [TestMethod]
    public void What_was_restored_goes_as_well()
    {
        var descriptor = new ValueStateDescriptor<string>("state") { TimeToLive = Minute };
        IValueState<string> state = Backend.Keyed.Get(descriptor);
        for (int i = 0; i < Keys; i++)
        {
            Begin($"key {i}");
            state.Update("here");
        }

        Backend.ClearKey();
        byte[] saved = Backend.Snapshot();
        _backend = Create(Settings);
        Backend.Restore([saved]);
        state = Backend.Keyed.Get(descriptor);

        Verify(() => state.Update("here"), () => Assert.AreEqual("here", state.Value));
    }

    [TestMethod]
    public async Task A_checkpoint_of_changes_says_that_what_the_sweep_removed_is_gone()
    {
        var descriptor = new ValueStateDescriptor<string>("state") { TimeToLive = Minute };
        IValueState<string> state = Backend.Keyed.Get(descriptor);
        for (int i = 0; i < Keys; i++)
        {
            Begin($"key {i}");
            state.Update("here");
        }

        Backend.ClearKey();
        byte[] whole = Write(new SnapshotOrder(1, 0, TracksChanges: true));
        Backend.Completed(1);
        _clock.Advance(2 * Minute.Duration);
        UseAlive(() => state.Update("here"));
        Backend.ClearKey();
        byte[] changes = Write(new SnapshotOrder(2, 1, TracksChanges: true), isChange: true);

        _backend = Create(Settings);
        Backend.Restore([await ReadAsync([whole, changes])]);
        Backend.Keyed.Get(descriptor);
        CollectionAssert.AreEqual(new[] { "alive" }, Backend.KeysOf("state"));
    }

    // Half of the keys are used anew when their time is over, and the other half goes: those used anew stay, whether
    // the disk has learnt of it or not.
    [TestMethod]
    public void What_is_used_anew_stays()
    {
        IValueState<string> state = Backend.Keyed.Get(
            new ValueStateDescriptor<string>("state") { TimeToLive = Minute });
        for (int i = 0; i < Keys; i++)
        {
            Begin($"key {i}");
            state.Update("of before");
        }

        Assert.HasCount(Keys, Backend.KeysOf("state"));
        _clock.Advance(2 * Minute.Duration);
        for (int i = 0; i < Keys; i += 2)
        {
            Begin($"key {i}");
            state.Update("of now");
        }

        UseAlive(() => state.Update("of now"));
        Assert.HasCount(1 + (Keys / 2), Backend.KeysOf("state"));
        for (int i = 0; i < Keys; i++)
        {
            Begin($"key {i}");
            Assert.AreEqual(i % 2 == 0 ? "of now" : null, state.Value);
        }
    }

    [TestMethod]
    public void Only_lists_go_the_last_element_of_which_is_over()
    {
        IListState<string> state = Backend.Keyed.Get(new ListStateDescriptor<string>("state") { TimeToLive = Minute });
        for (int i = 0; i < Keys; i++)
        {
            Begin($"key {i}");
            state.Add("of before");
        }

        _clock.Advance(Minute.Duration / 2);
        for (int i = 0; i < Keys; i += 2)
        {
            Begin($"key {i}");
            state.Add("later");
        }

        Assert.HasCount(Keys, Backend.KeysOf("state"));
        _clock.Advance(Minute.Duration / 2);
        UseAlive(() => state.Add("of now"));
        Assert.HasCount(1 + (Keys / 2), Backend.KeysOf("state"));
        Begin("key 0");
        CollectionAssert.AreEqual(new[] { "later" }, state.ToArray());
    }

    private protected abstract KeyedStateBackend<string> Create(KeyedStateSettings settings);

    // What lives is used all the while: a thousand keys are looked at long before as many uses.
    private void Verify(Action use, Action requireAlive)
    {
        for (int i = 0; i < Keys; i++)
        {
            Begin($"key {i}");
            use();
        }

        Assert.HasCount(Keys, Backend.KeysOf("state"));
        _clock.Advance(2 * Minute.Duration);
        UseAlive(use);

        CollectionAssert.AreEqual(new[] { "alive" }, Backend.KeysOf("state"));
        Begin("alive");
        requireAlive();
    }

    private void UseAlive(Action use)
    {
        Begin("alive");
        for (int i = 0; i < Keys / 2; i++)
        {
            use();
        }
    }

    private byte[] Write(SnapshotOrder order, bool isChange = false)
    {
        using SnapshotOutput output = new();
        using FrozenOperator kept = new() { Keyed = Backend.Freeze(in order) };
        Assert.AreEqual(isChange, kept.Keyed.IsChange);
        foreach (long _ in SubtaskSnapshotFormat.Write(output, new FrozenSubtask([(Id, kept)]), new SubtaskTable()))
        {
            // All of it stays in the output.
        }

        return output.Writer.WrittenSpan.ToArray();
    }

    private static async Task<KeyedSnapshot> ReadAsync(IReadOnlyList<byte[]> layers)
    {
        SnapshotSource[] sources =
        [
            .. layers.Select((bytes, i) => SubtaskBytes.SourceOf($"layer {i}", bytes)),
        ];
        var reader = new SubtaskSnapshotReader(sources, static (_, _) => true);
        return (await reader.ReadAsync(CancellationToken.None)).Operators[Id].Keyed;
    }

    private void Begin(string key) => Backend.SetKey(in key, Backend.Hasher.Hash(in key));

    private int Bytes()
    {
        Backend.ClearKey();
        return Backend.Snapshot().Length;
    }
}
