using System.Net;
using Microsoft.Extensions.Time.Testing;
using Millrace.Batches;
using Millrace.Execution;

namespace Millrace.Network.Exchange;

[TestClass]
public sealed class BrokenConnectionTests : IAsyncDisposable
{
    private readonly FaultyTransport _transport = new(new SocketTransport());

    private readonly TestSilo _from;
    private readonly TestSilo _to;

    public BrokenConnectionTests()
    {
        _from = new TestSilo("S1", transport: _transport);
        _to = new TestSilo("S2", transport: _transport);
    }

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
    }

    // Within headers, within records, between frames.
    [TestMethod]
    public async Task A_cut_at_any_byte_fails_both_ends_naming_the_other_silo_and_leaves_nothing_behind()
    {
        for (int cut = 0; cut < 60; cut++)
        {
            using TestChannels channels = new(_from, _to, producers: 2);
            await channels.ConnectAsync();
            _transport.CutAfter(cut * 7);

            Exception written = await LostAsync(() => WriteForEverAsync(channels));
            Exception read = await LostAsync(() => ReadForEverAsync(channels));

            StringAssert.Contains(written.Message, "S2");
            StringAssert.Contains(read.Message, "S1");
        }

        await Eventually.EqualsAsync(0, () => _from.Batches.Outstanding, "batches of the producer's silo");
        await Eventually.EqualsAsync(0, () => _to.Batches.Outstanding, "batches of the consumer's silo");
        await Eventually.EqualsAsync(0, () => _from.Exchange.Buffers.Outstanding, "buffers of the producer's silo");
        await Eventually.EqualsAsync(0, () => _to.Exchange.Buffers.Outstanding, "buffers of the consumer's silo");
        await Eventually.EqualsAsync(0, () => _transport.Open, "connections");
    }

    [TestMethod]
    public async Task An_idle_channel_is_told_too_and_the_next_attempt_connects_anew()
    {
        using TestChannels lost = new(_from, _to);
        await lost.ConnectAsync();
        await _transport.CutAllAsync();
        await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(() => ReadForEverAsync(lost));
        await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(
            () => lost.Producers[0].UntilAsync("the producer is told", () => !lost.Out.IsAvailable));

        using TestChannels next = new(_from, _to);
        await next.ConnectAsync();
        next.Out.Emit(7);
        next.Out.FlushPartial();
        CollectionAssert.AreEqual(new long[] { 7 }, (await next.TakeBatchAsync()).Records);
    }

    [TestMethod]
    public async Task A_silo_that_is_not_there_is_named_by_its_address()
    {
        EndPoint nobody = _to.EndPoint;
        using TestChannels channels = new(_from, _to, at: nobody);
        await _to.DisposeAsync();

        var error = await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(channels.ConnectAsync);
        StringAssert.Contains(error.Message, nobody.ToString());
        Assert.ThrowsExactly<SiloConnectionLostException>(() => channels.Out.IsAvailable);
    }

    // What was written before the end of the data is the consumer's to miss, not the finished producer's.
    [TestMethod]
    public async Task The_end_of_data_once_read_outlives_the_connection()
    {
        using TestChannels channels = new(_from, _to);
        await channels.ConnectAsync();
        channels.Out.Emit(1);
        channels.Out.Emit(EndOfData.Instance);
        Assert.HasCount(1, (await channels.TakeBatchAsync()).Records);
        Assert.AreSame(EndOfData.Instance, (await channels.TakeAsync()).Element);

        await _transport.CutAllAsync();
        await Eventually.EqualsAsync(0, () => _transport.Open, "connections");
        Assert.IsFalse(channels.Gate.TryTake(out _, out _));
    }

    [TestMethod]
    public async Task Silence_breaks_a_connection_after_the_timeout_and_heartbeats_prevent_it()
    {
        FakeTimeProvider time = new();
        await using TestSilo from = new("S1", transport: _transport, time: time);
        await using TestSilo to = new("S2", transport: _transport, time: time);
        using TestChannels channels = new(from, to);
        await channels.ConnectAsync();

        // Far longer than the timeout, with nothing but heartbeats: both ends write one in each interval.
        for (int second = 0; second < 20; second++)
        {
            long before = _transport.Written;
            await AdvanceUntilAsync(time, "heartbeats", () => _transport.Written >= before + 24);
            Assert.IsTrue(channels.Out.IsAvailable);
            Assert.IsFalse(channels.Gate.TryTake(out _, out _));
        }

        _transport.IsSilent = true;
        await AdvanceUntilAsync(time, "the producer's end", () => Fails(() => channels.Out.IsAvailable));
        await AdvanceUntilAsync(time, "the consumer's end", () => Fails(() => channels.Gate.TryTake(out _, out _)));
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, string what, Func<bool> condition) =>
        await Eventually.HoldsAsync(what, () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return condition();
        });

    private static bool Fails(Func<bool> action)
    {
        try
        {
            action();
            return false;
        }
        catch (SiloConnectionLostException)
        {
            return true;
        }
    }

    private static Task<SiloConnectionLostException> LostAsync(Func<Task> action) =>
        Assert.ThrowsExactlyAsync<SiloConnectionLostException>(action);

    private static async Task WriteForEverAsync(TestChannels channels)
    {
        for (long record = 0; ; record++)
        {
            await channels.Producers[0].UntilAsync("write", () => channels.Out.IsAvailable);
            channels.Out.Emit(record);
            if (record % 5 == 0)
            {
                channels.Out.FlushPartial();
            }

            if (channels.Gate.Counts.Queued > 0)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task ReadForEverAsync(TestChannels channels)
    {
        while (true)
        {
            (_, StreamElement element) = await channels.TakeAsync();
            element.Release();
        }
    }
}
