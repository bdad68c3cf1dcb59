using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.DataStream.Folds;
using Millrace.Graph;
using Millrace.Operators.Keyed;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators;

[TestClass]
[Verifies(typeof(KeyedFoldOperator<,,,,>))]
public sealed class KeyedFoldOperatorTests
{
    private const int KeyGroups = 8;

    private static readonly SerializerSet Serializers = new();

    private static readonly int[] Input = [3, 1, 3, 3, 2, 1, 8, 3];

    [TestMethod]
    public void Rolling_emits_the_new_count_of_a_key_for_each_record() =>
        OperatorVerifier.VerifyKeyed<int, Keyed<int, long>>(
            (range, output) => Count(output, emitAtEnd: false, range),
            KeyGroup,
            KeyGroups,
            Input,
            [new(3, 1), new(1, 1), new(3, 2), new(3, 3), new(2, 1), new(1, 2), new(8, 1), new(3, 4)]);

    [TestMethod]
    public void At_the_end_each_key_emits_once() =>
        OperatorVerifier.VerifyKeyed<int, Keyed<int, long>>(
            (range, output) => Count(output, emitAtEnd: true, range),
            KeyGroup,
            KeyGroups,
            Input,
            [new(3, 4), new(1, 2), new(2, 1), new(8, 1)],
            anyOrder: true);

    [TestMethod]
    public void Many_keys_stay_apart()
    {
        int[] input = [.. Enumerable.Range(0, 2_000).Select(i => i % 500)];

        OperatorVerifier.Verify(
            output => Count(output, emitAtEnd: true),
            input,
            [.. Enumerable.Range(0, 500).Select(key => new Keyed<int, long>(key, 4))],
            restores: false);
    }

    [TestMethod]
    public void What_was_counted_goes_on_from_a_snapshot()
    {
        var output = new TestOutput<Keyed<int, long>>(4, _ => true);
        using var batches = new TestBatches<int>(4);
        using KeyedFoldOperator<int, int, long, Keyed<int, long>, CountFold<int, int>> first =
            Count(new TestOutput<Keyed<int, long>>(4, _ => true), emitAtEnd: false);
        first.Open(name => new TestRuntimeContext { Operator = name });
        first.Process(batches.Of(3, 1, 3), 0, 3);

        using KeyedFoldOperator<int, int, long, Keyed<int, long>, CountFold<int, int>> second =
            Count(output, emitAtEnd: false);
        second.Restore([first.Snapshot()]);
        second.Open(name => new TestRuntimeContext { Operator = name });
        second.Process(batches.Of(3, 2), 0, 2);
        second.EndRound();

        CollectionAssert.AreEqual(new Keyed<int, long>[] { new(3, 3), new(2, 1) }, output.Records);
    }

    [TestMethod]
    public void A_key_that_is_null_is_refused_by_name()
    {
        KeyedFoldTransformation<string, int, long, Keyed<string, long>, CountFold<string, int>> transformation =
            new("Count", new ElementsTransformation<int>([]), _ => null!, default);
        using var step = new KeyedFoldOperator<string, int, long, Keyed<string, long>, CountFold<string, int>>(
            transformation, State<string>(), emitAtEnd: true, new TestOutput<Keyed<string, long>>(4, _ => true));
        using var batches = new TestBatches<int>(4);

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => step.Process(batches.Of(1, 2), 0, 2));

        StringAssert.Contains(error.Message, "'Count'");
        Assert.AreEqual(0, step.Record);
    }

    private static KeyedFoldOperator<int, int, long, Keyed<int, long>, CountFold<int, int>> Count(
        Output<Keyed<int, long>> output, bool emitAtEnd, KeyGroupRange? range = null) =>
        new(
            new KeyedFoldTransformation<int, int, long, Keyed<int, long>, CountFold<int, int>>(
                "Count", new ElementsTransformation<int>([]), value => value, default),
            State<int>(range),
            emitAtEnd,
            output);

    private static HeapStateBackend<TKey> State<TKey>(KeyGroupRange? range = null) => new(new KeyedStateSettings(
        "Count", Serializers, KeyGroups, range ?? new KeyGroupRange(0, KeyGroups), TimeProvider.System));

    private static int KeyGroup(int key) =>
        KeyGroupAssignment.KeyGroupOf(Serializers.GetKeyHasher<int>().Hash(in key), KeyGroups);
}
