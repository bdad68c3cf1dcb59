using Millrace.Tasks;

namespace Millrace.Network.Exchange.Calls;

[TestClass]
public sealed class CallInboxTests
{
    private readonly CallInbox _inbox = new();

    // Calls overtake each other, and come again when their answer was lost.
    [TestMethod]
    public async Task Payloads_in_any_order_and_repeated_are_read_once_and_in_order()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            CallInbox inbox = new();
            byte[] sent = new byte[1 + random.Next(400)];
            random.NextBytes(sent);
            List<ReadOnlyMemory<byte>> payloads = [];
            for (int at = 0; at < sent.Length;)
            {
                int length = Math.Min(1 + random.Next(20), sent.Length - at);
                payloads.Add(sent.AsMemory(at, length));
                at += length;
            }

            List<byte> read = [];
            byte[] buffer = new byte[1 + random.Next(30)];
            HashSet<int> open = [];
            int first = 0;
            while (read.Count < sent.Length)
            {
                int number = first + random.Next(Math.Min(IExchangeGrain.Window, payloads.Count - first));
                Task<bool> added = inbox.AddAsync(number, payloads[number]);
                open.Add(number);
                if (random.Next(3) == 0)
                {
                    _ = inbox.AddAsync(number, payloads[number]);
                }

                while (open.Contains(first))
                {
                    read.AddRange(buffer.AsSpan(0, await inbox.ReadAsync(buffer, CancellationToken.None)).ToArray());
                    while (first < payloads.Count && read.Count >= payloads.Take(first + 1).Sum(one => one.Length))
                    {
                        open.Remove(first++);
                    }
                }

                Assert.IsTrue(number >= first || await added, $"payload {number} was read and is not answered");
            }

            CollectionAssert.AreEqual(sent, read, $"seed {seed}");
            inbox.End(payloads.Count);
            Assert.AreEqual(0, await inbox.ReadAsync(buffer, CancellationToken.None));
        }
    }

    // The answer is what lets the other end write on: it must not come before there is room.
    [TestMethod]
    public async Task A_payload_is_answered_when_its_last_byte_has_been_read()
    {
        Task<bool> added = _inbox.AddAsync(0, new byte[10]);
        await _inbox.ReadAsync(new byte[9], CancellationToken.None);
        Assert.IsFalse(added.IsCompleted);
        await _inbox.ReadAsync(new byte[9], CancellationToken.None);
        Assert.IsTrue(await added);
    }

    [TestMethod]
    [DataRow(-1L, 1)]
    [DataRow(8L, 1)]
    [DataRow(long.MaxValue, 1)]
    [DataRow(0L, 0)]
    [DataRow(0L, (64 << 10) + 1)]
    public async Task A_payload_that_no_silo_sends_breaks_the_connection(long number, int length)
    {
        Task<bool> earlier = _inbox.AddAsync(1, new byte[1]);
        Assert.IsFalse(await _inbox.AddAsync(number, new byte[length]));
        Assert.IsFalse(await earlier);
        await Assert.ThrowsExactlyAsync<IOException>(
            async () => await _inbox.ReadAsync(new byte[1], CancellationToken.None));
    }

    [TestMethod]
    public async Task What_was_written_before_the_end_is_read_first()
    {
        _ = _inbox.AddAsync(1, new byte[3]);
        _inbox.End(2);
        ValueTask<int> reading = _inbox.ReadAsync(new byte[10], CancellationToken.None);
        Assert.IsFalse(reading.IsCompleted, "the first payload has not come");
        _ = _inbox.AddAsync(0, new byte[4]);

        Assert.AreEqual(7, await reading);
        Assert.AreEqual(0, await _inbox.ReadAsync(new byte[10], CancellationToken.None));
        Assert.IsFalse(await _inbox.AddAsync(2, new byte[1]), "a payload after the end");
    }

    [TestMethod]
    [DataRow(-1L)]
    [DataRow(1_000L)]
    public async Task An_end_that_cannot_be_breaks_the_connection(long payloads)
    {
        _inbox.End(payloads);
        await Assert.ThrowsExactlyAsync<IOException>(
            async () => await _inbox.ReadAsync(new byte[1], CancellationToken.None));
    }

    [TestMethod]
    public async Task A_wait_ends_when_it_is_canceled_or_the_connection_breaks()
    {
        using CancellationTokenSource stop = new();
        ValueTask<int> canceled = _inbox.ReadAsync(new byte[1], stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await canceled);

        ValueTask<int> broken = _inbox.ReadAsync(new byte[1], CancellationToken.None);
        _inbox.Break(new IOException("the cable is out"));
        var error = await Assert.ThrowsExactlyAsync<IOException>(async () => await broken);
        StringAssert.Contains(error.Message, "the cable is out");
    }
}
