using Millrace.DataStream;
using Millrace.Failures;

namespace Millrace.Connectors.Collect;

[TestClass]
public sealed class CollectSinkTests
{
    [TestMethod]
    public async Task What_was_collected_reads_back_in_order()
    {
        Keyed<string, long>[] records =
            [.. Enumerable.Range(0, 1_000).Select(i => new Keyed<string, long>($"word {i}", i))];
        TestSinkWriterContext context = new();
        await using ISinkWriter<Keyed<string, long>> writer =
            new CollectSink<Keyed<string, long>>("words").CreateWriter(context);
        Assert.AreEqual(600, writer.Write(records.AsSpan(0, 600)));
        Assert.AreEqual(400, writer.Write(records.AsSpan(600)));
        Assert.IsEmpty(context.Returned, "not before the end");

        Assert.IsEmpty(await writer.FinishAsync(CancellationToken.None));

        Assert.AreEqual("words", context.Returned.Single().Name);
        CollectionAssert.AreEqual(
            records, CollectedRecords.Read<Keyed<string, long>>(context.Returned.Select(item => item.Bytes)).ToArray());
    }

    [TestMethod]
    public async Task Nothing_collected_is_an_empty_list()
    {
        TestSinkWriterContext context = new();
        await using ISinkWriter<int> writer = new CollectSink<int>("numbers").CreateWriter(context);
        await writer.FinishAsync(CancellationToken.None);
        Assert.IsEmpty(CollectedRecords.Read<int>(context.Returned.Select(item => item.Bytes)));
    }

    [TestMethod]
    public async Task More_than_the_limit_is_an_error_that_says_what_to_do()
    {
        await using ISinkWriter<long> writer =
            new CollectSink<long>("numbers", maxBytes: 800).CreateWriter(new TestSinkWriterContext());
        Assert.AreEqual(100, writer.Write(new long[100]));
        CollectLimitException failure = Assert.ThrowsExactly<CollectLimitException>(() => writer.Write([1]));
        Assert.Contains("'numbers'", failure.Message);
        Assert.Contains("800 bytes", failure.Message);
        Assert.Contains("maxBytes", failure.Message);
        Assert.AreEqual(Recovery.Fail, failure.Recovery);
    }

    [TestMethod]
    public void One_subtask_collects() => Assert.AreEqual(1, new CollectSink<int>("numbers").MaxParallelism);
}
