using Millrace.Batches;
using Millrace.Execution;
using Millrace.Serialization;

namespace Millrace.Network.Exchange;

[TestClass]
public sealed class ConnectionExchangeTests : IAsyncDisposable
{
    private readonly FaultyTransport _transport = new(new SocketTransport());
    private readonly TestSilo _from;
    private readonly TestSilo _to;

    public ConnectionExchangeTests()
    {
        ExchangeOptions options = new() { MaxRecordBytes = 2 << 20 };
        _from = new TestSilo("S1", transport: _transport, exchange: options);
        _to = new TestSilo("S2", transport: _transport, exchange: options);
    }

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
    }

    [TestMethod]
    public async Task Many_channels_opened_and_closed_share_one_connection_and_leave_nothing()
    {
        for (int round = 0; round < 100; round++)
        {
            using TestChannels channels = new(_from, _to, producers: 10);
            await channels.ConnectAsync();
            for (int producer = 0; producer < 10; producer++)
            {
                channels.Outputs[producer].Emit(producer);
                channels.Outputs[producer].Emit(EndOfData.Instance);
            }

            for (int element = round % 21; element > 0; element--)
            {
                (await channels.TakeAsync()).Element.Release();
            }

            Assert.AreEqual(2, _transport.Open, "one connection, two ends");
        }

        await Eventually.EqualsAsync(0, () => _to.Batches.Outstanding, "batches");
        await _from.DisposeAsync();
        await _to.DisposeAsync();
        Assert.AreEqual(0, _from.Exchange.Buffers.Outstanding);
        Assert.AreEqual(0, _to.Exchange.Buffers.Outstanding);
        await Eventually.EqualsAsync(0, () => _transport.Open, "connections");
    }

    // Around every size at which a block is cut, put together or larger than all credit.
    [TestMethod]
    public async Task Records_of_any_size_arrive_as_they_were()
    {
        using TestEnds<string> ends = new(_from, _to);
        await ends.ConnectAsync();
        Random random = new(11);
        int[] sizes =
        [
            0, 1, 15_000, 65_000, 65_500, 65_524, 65_535, 65_536, 65_537, 131_072, 300_000, 1_900_000,
            .. Enumerable.Range(0, 3_000).Select(_ => random.Next(40) == 0 ? random.Next(200_000) : random.Next(300)),
        ];
        string[] sent = [.. sizes.Select((size, i) => new string((char)('a' + (i % 26)), size))];
        Task writing = Task.Run(async () =>
        {
            foreach (string record in sent)
            {
                await ends.Producer.UntilAsync("write", () => ends.Output.IsAvailable);
                ends.Output.Emit(record);
            }

            ends.Output.Emit(EndOfData.Instance);
        });

        int received = 0;
        while (true)
        {
            StreamElement element = await ends.TakeAsync();
            if (element is not RecordBatch<string> batch)
            {
                break;
            }

            foreach (string record in batch.Records)
            {
                Assert.AreEqual(sent[received], record, $"record {received}");
                received++;
            }

            batch.Release();
        }

        await writing;
        Assert.AreEqual(sent.Length, received);
    }

    [TestMethod]
    public async Task A_record_above_the_limit_is_refused_by_name_and_the_channel_lives_on()
    {
        using TestEnds<string> ends = new(_from, _to);
        await ends.ConnectAsync();
        ends.Output.Emit(new string('x', (2 << 20) + 1));

        var error = Assert.ThrowsExactly<RecordRefusedException>(ends.Output.FlushPartial);
        StringAssert.Contains(error.Message, "'Producer'");
        StringAssert.Contains(error.Message, $"{2 << 20} are allowed");

        ends.Output.Emit("small");
        ends.Output.FlushPartial();
        using var batch = new Held<string>(await ends.TakeAsync());
        CollectionAssert.AreEqual(new[] { "small" }, batch.Records);
    }

    [TestMethod]
    public async Task Partitioned_records_find_their_silo()
    {
        using TestEnds<string> ends = new(_from, _to);
        await ends.ConnectAsync();
        ends.Output.Emit("a");
        ends.Output.EmitWatermark(12);
        ends.Output.FlushPartial();
        using var batch = new Held<string>(await ends.TakeAsync());

        Assert.AreEqual(12, batch.Batch.Watermark);
        EdgeCounts written = ends.Output.Counts;
        EdgeCounts read = ends.Gate.Counts;
        Assert.AreEqual(new EdgeCounts(1, 1, written.Bytes, 0), written);
        Assert.AreEqual(1, read.Records);
        Assert.IsTrue(read.Bytes > 0 && written.Bytes > 0);
    }

    [TestMethod]
    public void A_channel_expected_twice_is_refused()
    {
        using TestEnds<string> first = new(_from, _to, attempt: 5);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new TestEnds<string>(_from, _to, attempt: 5));
        StringAssert.Contains(error.Message, "deployed once");
    }

    [TestMethod]
    public void Credit_is_divided_among_the_channels_and_the_rest_is_lent_once()
    {
        ExchangeOptions options = new() { ChannelCreditBytes = 256 << 10, GateCreditBytes = 8 << 20 };
        foreach (int channels in new[] { 1, 3, 16, 17, 100, 1_000 })
        {
            CreditPool pool = new(options, channels);
            long window = (long)channels * pool.PerChannel;
            for (int i = 0; i < 10_000; i++)
            {
                window += pool.Borrow(pool.PerChannel);
            }

            Assert.IsTrue(pool.PerChannel is >= 4 << 10 and <= 256 << 10, $"{pool.PerChannel} bytes per channel");
            Assert.IsTrue(window <= 8 << 20, $"{window} bytes for {channels} channels");
        }
    }
}
