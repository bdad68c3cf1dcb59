using Microsoft.Extensions.Time.Testing;
using Millrace.Golden;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Contracts;

/// <summary>What every keyed state backend must do, whatever it keeps state in.</summary>
public abstract class KeyedStateContract
{
    private protected const int KeyGroups = 16;

    private static readonly KeyGroupRange All = new(0, KeyGroups);

    private protected SerializerSet Serializers { get; } = new();

    private protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch);

    // All kinds of state for few keys, so that they are met again, cleared and made anew; now and then everything is
    // saved and goes on elsewhere.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void It_keeps_what_plain_dictionaries_keep(int seed)
    {
        var random = new Random(seed);
        var model = new StateModel();
        List<StateUser> subtasks = [User(All)];
        for (int step = 0; step < 6_000; step++)
        {
            string key = $"key {random.Next(40)}";
            StateUser owner = subtasks.Single(user => user.Owns(key));
            owner.Begin(key);
            model.Begin(key);
            StateOperations.DoOne(random, owner, model, $"seed {seed}, step {step}");
            owner.End();
            if (random.Next(500) == 0)
            {
                subtasks = Rescaled(subtasks, 1 + random.Next(4));
            }
        }

        foreach (StateUser user in subtasks)
        {
            foreach (string key in model.Keys.Where(user.Owns))
            {
                user.Begin(key);
                model.Begin(key);
                StateOperations.Compare(user, model, $"seed {seed}, at the end, {key}");
            }
        }
    }

    // Written while the state goes on to change, some of it in each of several steps, or given up before it is.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void What_is_frozen_is_written_as_it_was_however_late(int seed)
    {
        var random = new Random(seed);
        var model = new StateModel();
        StateUser user = User(All);
        Queue<(LateWrite Late, byte[] AtOnce)> open = [];
        for (int step = 0; step < 4_000; step++)
        {
            string key = $"key {random.Next(400)}";
            user.Begin(key);
            model.Begin(key);
            StateOperations.DoOne(random, user, model, $"seed {seed}, step {step}");
            user.End();
            if (random.Next(60) == 0)
            {
                open.Enqueue((new LateWrite(user.Freeze()), user.Snapshot()));
            }

            if (open.Count > 0 && random.Next(10) == 0)
            {
                open.ElementAt(random.Next(open.Count)).Late.Go();
            }

            if (open.Count > 3)
            {
                (LateWrite late, byte[] atOnce) = open.Dequeue();
                Assert.IsTrue(
                    random.Next(4) == 0 || late.Finish().SequenceEqual(atOnce), $"seed {seed}, step {step}");
                late.Dispose();
            }
        }

        foreach ((LateWrite late, _) in open)
        {
            late.Dispose();
        }
    }

    [TestMethod]
    public void What_former_versions_wrote_is_read() => GoldenFiles.ReadAll(GoldenKeyedState.Format, (_, bytes) =>
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        backend.Restore([bytes]);
        GoldenKeyedState.Check(backend);
    });

    [TestMethod]
    public void A_state_that_nobody_asked_for_survives_until_somebody_does()
    {
        KeyedStateBackend<string> first = Create(Settings(All));
        IValueState<int> written = first.Keyed.Get(new ValueStateDescriptor<int>("late"));
        SetKey(first, "a");
        written.Update(5);
        KeyedStateBackend<string> between = Restored(first);
        between.Keyed.Get(new ValueStateDescriptor<int>("other"));

        KeyedStateBackend<string> last = Restored(between);
        IValueState<int> read = last.Keyed.Get(new ValueStateDescriptor<int>("late"));

        SetKey(last, "a");
        Assert.AreEqual(5, read.Value);
    }

    [TestMethod]
    public void The_keys_of_a_state_are_those_that_have_it_also_after_a_restore()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        IListState<int> list = backend.Keyed.Get(new ListStateDescriptor<int>("list"));
        IValueState<int> value = backend.Keyed.Get(new ValueStateDescriptor<int>("value"));
        foreach (string key in (string[])["a", "b", "c", "d"])
        {
            SetKey(backend, key);
            list.Add(1);
            if (key != "c")
            {
                value.Update(2);
            }
        }

        SetKey(backend, "b");
        list.Clear();

        CollectionAssert.AreEquivalent(new[] { "a", "c", "d" }, backend.KeysOf("list"));
        CollectionAssert.AreEquivalent(new[] { "a", "b", "d" }, backend.KeysOf("value"));
        KeyedStateBackend<string> restored = Restored(backend);
        restored.Keyed.Get(new ListStateDescriptor<int>("list"));
        CollectionAssert.AreEquivalent(new[] { "a", "c", "d" }, restored.KeysOf("list"));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => backend.KeysOf("other")).Message, "'other'");
    }

    [TestMethod]
    public void Reading_never_keeps_what_the_reader_changes()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        IValueState<List<int>> value = backend.Keyed.Get(new ValueStateDescriptor<List<int>>("value"));
        IListState<int[]> list = backend.Keyed.Get(new ListStateDescriptor<int[]>("list"));
        IMapState<string, int[]> map = backend.Keyed.Get(new MapStateDescriptor<string, int[]>("map"));
        SetKey(backend, "a");
        List<int> written = [1];
        value.Update(written);
        list.Add([1]);
        map["k"] = [1];

        written.Add(2);
        value.Value!.Add(3);
        list[0][0] = 4;
        list.Single()[0] = 4;
        map["k"][0] = 5;
        map.Single().Value[0] = 5;

        CollectionAssert.AreEqual(new[] { 1 }, value.Value);
        Assert.AreEqual(1, list[0][0]);
        Assert.AreEqual(1, map["k"][0]);
    }

    [TestMethod]
    public void A_value_that_was_never_set_reads_as_its_default()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        IValueState<string> made = backend.Keyed.Get(new ValueStateDescriptor<string>("made", () => "nothing yet"));
        IValueState<long> plain = backend.Keyed.Get(new ValueStateDescriptor<long>("plain"));
        SetKey(backend, "a");

        Assert.AreEqual("nothing yet", made.Value);
        Assert.IsFalse(made.HasValue);
        Assert.AreEqual(0, plain.Value);
    }

    [TestMethod]
    public void State_without_a_key_at_work_is_refused_by_name()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        IValueState<int> value = backend.Keyed.Get(new ValueStateDescriptor<int>("total"));
        IListState<int> list = backend.Keyed.Get(new ListStateDescriptor<int>("recent"));
        NamespaceScope<long> scope = backend.CreateScope<long>();
        IValueState<int> spaced = scope.States.Get(new ValueStateDescriptor<int>("spaced"));
        SetKey(backend, "a");
        scope.Set(1);
        spaced.Update(1);
        SetKey(backend, "b");

        Refused(() => spaced.Value, "'spaced'", "'Op'");
        backend.ClearKey();
        Refused(() => value.Value, "'total'", "'Op'");
        Refused(() => list.Count, "'recent'", "'Op'");
        Refused(() => backend.CurrentKey, "'Op'");
    }

    [TestMethod]
    public void One_name_for_two_states_is_refused_with_both()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        IValueState<int> first = backend.Keyed.Get(new ValueStateDescriptor<int>("total"));

        Assert.AreSame(first, backend.Keyed.Get(new ValueStateDescriptor<int>("total")));
        Refused(
            () => backend.Keyed.Get(new ValueStateDescriptor<string>("total")),
            "'Op'", "'total'", "value of System.Int32", "value of System.String");
        Refused(
            () => backend.Keyed.Get(new ListStateDescriptor<int>("total")),
            "'Op'", "'total'", "value of System.Int32", "list of System.Int32");
        Refused(
            () => backend.CreateScope<long>().States.Get(new ValueStateDescriptor<int>("total")), "'Op'", "'total'");
    }

    [TestMethod]
    public void Saved_state_that_cannot_be_taken_over_is_refused_with_both_types()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        IValueState<string> value = backend.Keyed.Get(new ValueStateDescriptor<string>("total"));
        SetKey(backend, "a");
        value.Update("five");

        IncompatibleStateException types = Assert.ThrowsExactly<IncompatibleStateException>(
            () => Restored(backend).Keyed.Get(new ValueStateDescriptor<int>("total")));
        IncompatibleStateException kinds = Assert.ThrowsExactly<IncompatibleStateException>(
            () => Restored(backend).Keyed.Get(new ListStateDescriptor<string>("total")));

        Contains(types, "'total'", "'Op'", "String", "Int32");
        Contains(kinds, "'total'", "'Op'", "Value", "List");
    }

    [TestMethod]
    public void Snapshots_that_do_not_cover_the_key_groups_once_are_refused()
    {
        byte[] lower = Create(Settings(new KeyGroupRange(0, 8))).Snapshot();
        byte[] all = Create(Settings(All)).Snapshot();
        byte[] other = Create(Settings(All) with { KeyGroups = KeyGroups * 2 }).Snapshot();

        Contains(RestoreRefused(lower), "key group 8");
        Contains(RestoreRefused(all, lower), "both hold key group 0");
        Contains(RestoreRefused(other), "32 key groups", "16");
        Assert.ThrowsExactly<RecordCorruptedException>(
            () => Create(Settings(All)).Restore([all[..^1]]));
    }

    [TestMethod]
    [DataRow(StateTtlUpdate.Write)]
    [DataRow(StateTtlUpdate.ReadAndWrite)]
    public void A_value_is_gone_when_its_time_is_over(StateTtlUpdate update)
    {
        IValueState<int> value = Expiring(update, StateTtlVisibility.NeverReturnExpired);
        value.Update(7);
        Clock.Advance(TimeSpan.FromMilliseconds(60));
        Assert.AreEqual(7, value.Value);
        Clock.Advance(TimeSpan.FromMilliseconds(60));

        Assert.AreEqual(update == StateTtlUpdate.ReadAndWrite, value.HasValue);
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.IsFalse(value.HasValue);
        Assert.AreEqual(-1, value.Value);
    }

    [TestMethod]
    public void An_expired_value_may_be_seen_once_more_if_that_is_wanted()
    {
        IValueState<int> value = Expiring(StateTtlUpdate.Write, StateTtlVisibility.ReturnIfNotCleanedUp);
        value.Update(7);
        Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.AreEqual(7, value.Value);
        Assert.AreEqual(-1, value.Value);
    }

    [TestMethod]
    public void Elements_of_a_list_and_entries_of_a_map_expire_one_by_one()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        var ttl = new StateTtlConfig(TimeSpan.FromMilliseconds(100));
        IListState<int> list = backend.Keyed.Get(new ListStateDescriptor<int>("list") { TimeToLive = ttl });
        IMapState<string, int> map = backend.Keyed.Get(
            new MapStateDescriptor<string, int>("map") { TimeToLive = ttl });
        SetKey(backend, "a");
        list.AddAll([1, 2]);
        map["old"] = 1;
        Clock.Advance(TimeSpan.FromMilliseconds(60));
        list.Add(3);
        map["new"] = 2;
        Clock.Advance(TimeSpan.FromMilliseconds(60));

        CollectionAssert.AreEqual(new[] { 3 }, list.ToArray());
        Assert.AreEqual(1, map.Count);
        Assert.IsFalse(map.Contains("old"));
        Assert.AreEqual(2, map["new"]);
        Assert.AreEqual("new", map.Single().Key);
        Clock.Advance(TimeSpan.FromMilliseconds(60));
        Assert.AreEqual(0, list.Count);
        Assert.AreEqual(0, map.Count);
    }

    [TestMethod]
    public void What_is_left_to_live_survives_a_restore()
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        var ttl = new StateTtlConfig(TimeSpan.FromMilliseconds(100));
        var descriptor = new ValueStateDescriptor<int>("value") { TimeToLive = ttl };
        IValueState<int> value = backend.Keyed.Get(descriptor);
        SetKey(backend, "a");
        value.Update(7);
        Clock.Advance(TimeSpan.FromMilliseconds(60));
        KeyedStateBackend<string> restored = Restored(backend);
        IValueState<int> again = restored.Keyed.Get(descriptor);
        SetKey(restored, "a");

        Assert.AreEqual(7, again.Value);
        Clock.Advance(TimeSpan.FromMilliseconds(60));
        Assert.IsFalse(again.HasValue);
    }

    private protected abstract KeyedStateBackend<string> Create(KeyedStateSettings settings);

    private static void SetKey(KeyedStateBackend<string> backend, string key) =>
        backend.SetKey(in key, backend.Hasher.Hash(in key));

    private static void Refused(Func<object?> use, params string[] named) =>
        Contains(Assert.ThrowsExactly<InvalidStateUseException>(() => use()), named);

    private static void Contains(Exception error, params string[] named)
    {
        foreach (string part in named)
        {
            StringAssert.Contains(error.Message, part);
        }
    }

    private IncompatibleStateException RestoreRefused(params byte[][] snapshots) =>
        Assert.ThrowsExactly<IncompatibleStateException>(
            () => Create(Settings(All)).Restore([.. snapshots.Select(bytes => new KeyedSnapshot(bytes))]));

    private IValueState<int> Expiring(StateTtlUpdate update, StateTtlVisibility visibility)
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        IValueState<int> value = backend.Keyed.Get(new ValueStateDescriptor<int>("value", () => -1)
        {
            TimeToLive = new StateTtlConfig(TimeSpan.FromMilliseconds(100))
            {
                UpdateOn = update,
                Visibility = visibility,
            },
        });
        SetKey(backend, "a");
        return value;
    }

    private KeyedStateBackend<string> Restored(KeyedStateBackend<string> from)
    {
        KeyedStateBackend<string> backend = Create(Settings(All));
        backend.Restore([from.Snapshot()]);
        return backend;
    }

    private List<StateUser> Rescaled(List<StateUser> subtasks, int parallelism)
    {
        KeyedSnapshot[] snapshots = [.. subtasks.Select(user => new KeyedSnapshot(user.Snapshot()))];
        return [.. Enumerable.Range(0, parallelism).Select(subtask =>
            User(KeyGroupAssignment.RangeOf(KeyGroups, parallelism, subtask), snapshots))];
    }

    private StateUser User(KeyGroupRange range, params KeyedSnapshot[] snapshots)
    {
        KeyedStateBackend<string> backend = Create(Settings(range));
        if (snapshots.Length > 0)
        {
            backend.Restore(snapshots);
        }

        return new StateUser(backend);
    }

    private KeyedStateSettings Settings(KeyGroupRange range) => new("Op", Serializers, KeyGroups, range, Clock);
}
