using Millrace.Functions;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;
using Millrace.UserCode;

namespace Millrace.Contracts;

/// <summary>State that a program left, taken over by the next version of the program, whose types have changed: every
/// rule of docs/formats/records.md, in every kind of state, through the bytes of a subtask's snapshot.</summary>
public abstract class SchemaEvolutionContract
{
    private const string OperatorId = "00000000000000010000000000000001";
    private const int KeyGroups = 4;

    private static readonly (string Rule, Action<SchemaEvolutionContract> Try)[] Rules =
    [
        ("member added", static test =>
        {
            test.Reads(new Before.Two(1, "a"), new After.Three(1, "a", 0));
            test.Reads(new Before.Narrow(7), new After.Wider(7, 0, null));
        }),
        ("member removed", static test =>
        {
            test.Reads(new After.Three(1, "a", 2.5), new Before.Two(1, "a"));
            test.Reads(
                new Before.Placed(5, new Point(1, 2), "end"), new After.Placed(5, "end"), new PointAsText(1),
                new PointAsText(2));
            test.Refuses<Before.Placed, After.Placed>(
                new Before.Placed(5, new Point(1, 2), "end"), "Placed.Where", new PointAsText(1), null);
        }),
        ("members in another order", static test => test.Reads(
            new Before.Ordered("text", 1, 2.5, [3]), new After.Reordered([3], 2.5, "text", 1))),
        ("member renamed", static test => test.Reads(new Before.Narrow(9), new After.Positional(9))),
        ("number widened", static test =>
        {
            test.Reads(new Before.Number<byte>(200), new After.Number<short>(200));
            test.Reads(new Before.Number<uint>(uint.MaxValue), new After.Number<long>(uint.MaxValue));
            test.Reads(new Before.Number<short>(short.MinValue), new After.Number<float>(short.MinValue));
            test.Reads(new Before.Number<int>(int.MaxValue), new After.Number<double>(int.MaxValue));
            test.Reads(new Before.Number<long>(long.MinValue), new After.Number<decimal>(long.MinValue));
            test.Reads(new Before.Number<Half>((Half)1.5), new After.Number<double>(1.5));
            test.Reads(new Before.Number<Colour>(Colour.Blue), new After.Number<int>((int)Colour.Blue));
            test.Reads(5, 5L);
        }),
        ("value made nullable", static test =>
        {
            test.Reads(new Before.Number<int>(5), new After.Number<int?>(5));
            test.Reads(new Before.Number<int>(5), new After.Number<long?>(5));
        }),
        ("one kind of sequence for another, one of set, one of dictionary", static test =>
        {
            test.Reads<Before.Number<int[]>, After.Number<List<long>>>(new([1, 2]), new([1, 2]));
            test.Reads<Before.Number<HashSet<int>>, After.Number<SortedSet<long>>>(new([2, 1]), new([1, 2]));
            test.Reads<Before.Number<Dictionary<int, Before.Narrow>>,
                After.Number<SortedDictionary<long, After.Wider>>>(
                new(new() { [1] = new Before.Narrow(2) }), new(new() { [1] = new After.Wider(2, 0, null) }));
        }),
        ("registered serializer with another version", static test =>
        {
            test.Reads(
                new Before.Number<Point>(new Point(2, 3)), new After.Number<Point>(new Point(2, 3)),
                new PointAsText(1), new PointAsText(2));
            test.Refuses<Before.Number<Point>, After.Number<Point>>(
                new(new Point(2, 3)), "Number<Point>.Value", new PointAsText(2), new PointAsText(1));
        }),
        ("anything else", static test =>
        {
            test.Refuses<Before.Number<long>, After.Number<int>>(new(1), "Number<Int32>.Value");
            test.Refuses<Before.Number<int>, After.Number<uint>>(new(1), "Number<UInt32>.Value");
            test.Refuses<Before.Number<long>, After.Number<double>>(new(1), "Number<Double>.Value");
            test.Refuses<Before.Number<int>, After.Number<float>>(new(1), "Number<Single>.Value");
            test.Refuses<Before.Number<int>, After.Number<string>>(new(1), "Number<String>.Value");
            test.Refuses<Before.Number<int?>, After.Number<int>>(new(1), "Number<Int32>.Value");
            test.Refuses<Before.Number<int[]>, After.Number<HashSet<int>>>(new([1]), "Number<HashSet<Int32>>.Value");
            test.Refuses<Before.Number<long[]>, After.Number<List<int>>>(new([1]), "Number<List<Int32>>.Value[]");
            test.Refuses<Before.Number<Dictionary<long, int>>, After.Number<Dictionary<int, int>>>(
                new([]), "Number<Dictionary<Int32, Int32>>.Value[key]");
            test.Refuses<string, int>("five", "Int32");
        }),
    ];

    private int _tried;

    public static IEnumerable<object[]> RuleNames => Rules.Select(rule => new object[] { rule.Rule });

    [TestMethod]
    [DynamicData(nameof(RuleNames))]
    public void Saved_state_is_taken_over_or_refused_as_the_page_says(string rule)
    {
        Rules.Single(one => one.Rule == rule).Try(this);
        Assert.IsGreaterThan(0, _tried, "nothing was taken over, and nothing refused");
    }

    [TestMethod]
    public void Every_rule_of_the_page_is_tried()
    {
        string page = File.ReadAllText(Path.Combine(BuiltJobs.Repository, "docs", "formats", "records.md"));
        string[] onPage =
        [
            .. page[page.IndexOf("## Reading what an older type wrote", StringComparison.Ordinal)..]
                .Split('\n')
                .SkipWhile(line => !line.StartsWith("| ---", StringComparison.Ordinal))
                .Skip(1)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('|')[1].Trim()),
        ];
        CollectionAssert.AreEqual(onPage, Rules.Select(rule => rule.Rule).ToArray());
    }

    // Keys decide where state lies: they may only change so that they still hash to the same.
    [TestMethod]
    public void Keys_and_the_keys_of_maps_may_be_widened()
    {
        KeyedStateBackend<int> former = Create<int>(Settings(new SerializerSet()));
        IMapState<short, int> map = former.Keyed.Get(new MapStateDescriptor<short, int>("state"));
        SetKey(former, 7);
        map[300] = 5;
        former.ClearKey();
        OperatorSnapshot saved = ThroughBytes(OperatorSnapshot.Empty with { Keyed = former.Snapshot() });

        KeyedStateBackend<long> present = Create<long>(Settings(new SerializerSet()));
        present.Restore([saved.Keyed]);
        IMapState<int, long> read = present.Keyed.Get(new MapStateDescriptor<int, long>("state"));
        SetKey(present, 7);
        Assert.AreEqual(5, read[300]);

        KeyedStateBackend<int> narrowed = Create<int>(Settings(new SerializerSet()));
        narrowed.Restore([saved.Keyed]);
        IncompatibleStateException refused = Assert.ThrowsExactly<IncompatibleStateException>(
            () => narrowed.Keyed.Get(new MapStateDescriptor<byte, int>("state")));
        StringAssert.Contains(refused.Message, "'state'");
        StringAssert.Contains(refused.Message, "'Op'");
    }

    private protected abstract KeyedStateBackend<TKey> Create<TKey>(KeyedStateSettings settings);

    private static KeyedStateSettings Settings(SerializerSet serializers) =>
        new("Op", serializers, KeyGroups, new KeyGroupRange(0, KeyGroups), TimeProvider.System);

    private static void SetKey<TKey>(KeyedStateBackend<TKey> backend, TKey key) =>
        backend.SetKey(in key, backend.Hasher.Hash(in key));

    private static SerializerSet Serializers(PointAsText? points)
    {
        SerializerRegistrations registrations = new();
        if (points is not null)
        {
            registrations.Register(points);
        }

        return new SerializerSet(registrations);
    }

    private static OperatorSnapshot ThroughBytes(OperatorSnapshot snapshot) =>
        SubtaskBytes.ReadAsync(SubtaskBytes.Write([(OperatorId, snapshot)]))
            .GetAwaiter().GetResult().Operators[OperatorId];

    private void Reads<TBefore, TAfter>(
        TBefore before, TAfter after, PointAsText? former = null, PointAsText? present = null)
    {
        _tried++;
        SavedState<TBefore> saved = Save(before, former);
        SerializerSet serializers = Serializers(present);
        KeyedStateBackend<int> backend = Restored(saved, serializers);
        foreach ((string kind, Func<TAfter?> read) in KeyedReads<TAfter>(backend))
        {
            RoundTrip.AssertSame(after, read(), kind);
        }

        OperatorStateBackend unkeyed = Restored(saved.Snapshot, serializers);
        RoundTrip.AssertSame(after, unkeyed.GetList(new ListStateDescriptor<TAfter>("list")).Single(), "list");
        RoundTrip.AssertSame(after, unkeyed.GetUnion(new ListStateDescriptor<TAfter>("union")).Single(), "union");
        RoundTrip.AssertSame(
            after,
            unkeyed.GetBroadcast(new MapStateDescriptor<int, TAfter>("broadcast")).Single().Value,
            "broadcast");
        RoundTrip.AssertSame(after, saved.Snapshot.Items.Read<TAfter>(serializers).Single(), "items");

        // What was read is written with the present shape from now on, and read again without the former one.
        KeyedStateBackend<int> again = Create<int>(Settings(serializers));
        again.Restore([ThroughBytes(OperatorSnapshot.Empty with { Keyed = backend.Snapshot() }).Keyed]);
        foreach ((string kind, Func<TAfter?> read) in KeyedReads<TAfter>(again))
        {
            RoundTrip.AssertSame(after, read(), $"{kind}, again");
        }
    }

    private void Refuses<TBefore, TAfter>(
        TBefore before, string path, PointAsText? former = null, PointAsText? present = null)
    {
        _tried++;
        SavedState<TBefore> saved = Save(before, former);
        SerializerSet serializers = Serializers(present);
        foreach ((string name, Action<StateScope> ask) in KeyedAsks<TAfter>())
        {
            KeyedStateBackend<int> backend = Restored(saved, serializers);
            Names(Assert.ThrowsExactly<IncompatibleStateException>(() => ask(backend.Keyed), name), name);
        }

        OperatorStateBackend unkeyed = Restored(saved.Snapshot, serializers);
        Names(
            Assert.ThrowsExactly<IncompatibleStateException>(
                () => unkeyed.GetList(new ListStateDescriptor<TAfter>("list"))),
            "list");
        Names(
            Assert.ThrowsExactly<IncompatibleStateException>(
                () => unkeyed.GetBroadcast(new MapStateDescriptor<int, TAfter>("broadcast"))),
            "broadcast");
        IncompatibleShapeException items = Assert.ThrowsExactly<IncompatibleShapeException>(
            () => saved.Snapshot.Items.Read<TAfter>(serializers));
        StringAssert.Contains(items.Message, path);

        void Names(IncompatibleStateException refused, string name)
        {
            StringAssert.Contains(refused.Message, $"'{name}'");
            StringAssert.Contains(refused.Message, "'Op'");
            StringAssert.Contains(refused.Message, path);
        }
    }

    private SavedState<T> Save<T>(T value, PointAsText? points)
    {
        SerializerSet serializers = Serializers(points);
        KeyedStateBackend<int> backend = Create<int>(Settings(serializers));
        IValueState<T> single = backend.Keyed.Get(new ValueStateDescriptor<T>("value"));
        IListState<T> list = backend.Keyed.Get(new ListStateDescriptor<T>("list"));
        IMapState<int, T> map = backend.Keyed.Get(new MapStateDescriptor<int, T>("map"));
        IReducingState<T> reducing = backend.Keyed.Get(
            new ReducingStateDescriptor<T>("reducing", static (_, right) => right));
        IAggregatingState<T, T> aggregating = backend.Keyed.Get(
            new AggregatingStateDescriptor<T, T, T>("aggregating", new Last<T>()));
        SetKey(backend, 7);
        single.Update(value);
        list.Add(value);
        map[1] = value;
        reducing.Add(value);
        aggregating.Add(value);
        backend.ClearKey();

        OperatorStateBackend unkeyed = new("Op", serializers);
        unkeyed.Restore([]);
        unkeyed.Open(0, 1);
        unkeyed.GetList(new ListStateDescriptor<T>("list")).Add(value);
        unkeyed.GetUnion(new ListStateDescriptor<T>("union")).Add(value);
        unkeyed.GetBroadcast(new MapStateDescriptor<int, T>("broadcast")).Put(1, value);
        return new SavedState<T>(ThroughBytes(new OperatorSnapshot(backend.Snapshot())
        {
            Unkeyed = unkeyed.Snapshot(),
            Items = OperatorItems.Of([value], serializers.Get<T>()),
        }));
    }

    private KeyedStateBackend<int> Restored<T>(SavedState<T> saved, SerializerSet serializers)
    {
        KeyedStateBackend<int> backend = Create<int>(Settings(serializers));
        backend.Restore([saved.Snapshot.Keyed]);
        return backend;
    }

    private static OperatorStateBackend Restored(OperatorSnapshot snapshot, SerializerSet serializers)
    {
        OperatorStateBackend backend = new("Op", serializers);
        backend.Restore([snapshot.Unkeyed]);
        backend.Open(0, 1);
        return backend;
    }

    private static (string Kind, Func<T?> Read)[] KeyedReads<T>(KeyedStateBackend<int> backend)
    {
        IValueState<T> single = backend.Keyed.Get(new ValueStateDescriptor<T>("value"));
        IListState<T> list = backend.Keyed.Get(new ListStateDescriptor<T>("list"));
        IMapState<int, T> map = backend.Keyed.Get(new MapStateDescriptor<int, T>("map"));
        IReducingState<T> reducing = backend.Keyed.Get(
            new ReducingStateDescriptor<T>("reducing", static (_, right) => right));
        IAggregatingState<T, T> aggregating = backend.Keyed.Get(
            new AggregatingStateDescriptor<T, T, T>("aggregating", new Last<T>()));
        SetKey(backend, 7);
        return
        [
            ("value", () => single.Value),
            ("list", () => list.Single()),
            ("map", () => map[1]),
            ("reducing", () => reducing.Value),
            ("aggregating", () => aggregating.Value),
        ];
    }

    private static (string Name, Action<StateScope> Ask)[] KeyedAsks<T>() =>
    [
        ("value", states => states.Get(new ValueStateDescriptor<T>("value"))),
        ("list", states => states.Get(new ListStateDescriptor<T>("list"))),
        ("map", states => states.Get(new MapStateDescriptor<int, T>("map"))),
        ("reducing", states => states.Get(new ReducingStateDescriptor<T>("reducing", static (_, right) => right))),
        ("aggregating", states => states.Get(
            new AggregatingStateDescriptor<T, T, T>("aggregating", new Last<T>()))),
    ];

    private sealed record SavedState<T>(OperatorSnapshot Snapshot);

    private sealed class Last<T> : IAggregateFunction<T, T, T>
    {
        public T CreateAccumulator() => default!;

        public T Add(T value, T accumulator) => value;

        public T GetResult(T accumulator) => accumulator;

        public T Merge(T left, T right) => right;
    }
}
