using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Serialization;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Sources;

/// <summary>Records given in a program come once and in order, whatever the batches are and wherever one begins
/// again.</summary>
[TestClass]
public sealed class ElementsOperatorTests
{
    private const int Count = 60;

    private readonly SerializerSet _serializers = new();

    // As blocks of bytes, by generated code, and one by one.
    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1_024)]
    public void With_a_snapshot_after_each_batch_every_record_comes_once(int batchSize)
    {
        Verify(batchSize, i => (long)i);
        Verify(batchSize, i => new Named(i, $"name {i}"));
        Verify(batchSize, i => i % 5 == 0 ? "" : $"text {i}");
    }

    [TestMethod]
    public void A_record_is_told_by_its_place_in_the_program()
    {
        int asked = 0;
        var output = new TestOutput<long>(7, _ => asked++ < 2);
        ElementsOperator<long> source = Open(Bytes(i => (long)i), output, snapshot: null);
        Assert.IsNull(source.DescribePosition(0), "nothing was read yet");

        Assert.AreEqual(HeadStatus.Backpressured, source.Run());

        Assert.HasCount(14, output.Records);
        Assert.Contains("record 7 ", source.DescribePosition(0)!);
        Assert.Contains("record 13 ", source.DescribePosition(6)!);
        Assert.IsNull(source.DescribePosition(-1));
        source.Dispose();
    }

    [TestMethod]
    public void Records_that_have_no_time_say_so()
    {
        var output = new TestOutput<long>(7, _ => true, hasTimestamps: true);
        ElementsOperator<long> source = Open(Bytes(i => (long)i), output, snapshot: null);

        Assert.AreEqual(HeadStatus.Finished, source.Run());

        Assert.HasCount(Count, output.Timestamps);
        Assert.IsTrue(output.Timestamps.TrueForAll(timestamp => timestamp == RecordBatch.NoTimestamp));
        Assert.AreEqual((long.MaxValue, Count), output.Watermarks.Single());
        source.Dispose();
    }

    [TestMethod]
    public void Reading_numbers_allocates_nothing()
    {
        int allowed = 1;
        var output = new Nowhere(7, () => allowed-- > 0);
        ElementsOperator<long> source = Open(Bytes(i => (long)i), output, snapshot: null);
        source.Run();

        allowed = 7;
        long before = GC.GetAllocatedBytesForCurrentThread();
        source.Run();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        Assert.AreEqual(Count - 4, source.Records);
        source.Dispose();
    }

    private void Verify<T>(int batchSize, Func<int, T> make)
    {
        byte[] bytes = Bytes(make);
        List<T> read = [];
        OperatorSnapshot? snapshot = null;
        for (int attempt = 0; ; attempt++)
        {
            Assert.IsLessThanOrEqualTo(Count, attempt, "each attempt goes on");
            int asked = 0;
            var output = new TestOutput<T>(batchSize, _ => asked++ == 0);
            ElementsOperator<T> source = Open(bytes, output, snapshot);
            source.Run();
            source.EndRound();
            snapshot = source.Snapshot();
            read.AddRange(output.Records);
            source.Dispose();
            if (output.Records.Count == 0)
            {
                break;
            }
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, Count).Select(make).ToList(), read);
    }

    private byte[] Bytes<T>(Func<int, T> make)
    {
        using RecordWriter writer = new();
        writer.WriteInt32(Count);
        TypeSerializer<T> serializer = _serializers.Get<T>();
        for (int i = 0; i < Count; i++)
        {
            T value = make(i);
            serializer.Write(writer, in value);
        }

        return writer.WrittenSpan.ToArray();
    }

    private ElementsOperator<T> Open<T>(byte[] bytes, Output<T> output, OperatorSnapshot? snapshot)
    {
        var loop = new TestLoop();
        var source = new ElementsOperator<T>(
            "Elements",
            bytes,
            _serializers.Get<T>(),
            new OperatorStateBackend("Elements", _serializers),
            loop.Clock,
            new ChainFailure(),
            output);
        if (snapshot is { } former)
        {
            source.Restore([former]);
        }

        source.Open(name => new TestRuntimeContext { Operator = name });
        return source;
    }

    internal sealed record Named(int Number, string Name);

    /// <summary>Takes records and keeps none.</summary>
    private sealed class Nowhere(int batchSize, Func<bool> isAvailable)
        : Output<long>(new BatchPool<long>(batchSize, BatchLayout.None, new BatchAccount()))
    {
        public override bool IsAvailable => isAvailable();

        public override void EndRound()
        {
        }

        public override void Emit(StreamElement control)
        {
        }

        public override void EmitWatermark(long timestamp)
        {
        }

        protected override void Deliver(RecordBatch<long> batch) => batch.Release();
    }
}
