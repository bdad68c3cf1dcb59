using System.Text;
using Millrace.Failures;
using Millrace.Network.Exchange.Frames;
using static Millrace.Network.Exchange.FrameSequence;

namespace Millrace.Network.Exchange;

/// <summary>A silo connects to one that answers what no silo answers: that connection ends, and its channels say
/// why.</summary>
[TestClass]
public sealed class HostileConsumerTests : IAsyncDisposable
{
    private readonly TestSilo _silo = new("S1");
    private readonly TestSilo _other = new("S2");
    private readonly HostileConsumer _hostile = new();

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _other.DisposeAsync();
        _hostile.Dispose();
    }

    // In place of the challenge, and in place of the welcome.
    [TestMethod]
    public async Task Garbage_in_the_handshake_ends_that_connection_and_no_other()
    {
        using TestChannels healthy = new(_silo, _other);
        await healthy.ConnectAsync();
        long before = GC.GetTotalAllocatedBytes();
        for (int seed = 0; seed < 150; seed++)
        {
            using TestChannels victim = new(_silo, _other, at: _hostile.EndPoint);
            Task connecting = victim.ConnectAsync();
            await using HostileConnection connection = await _hostile.AcceptAsync();
            await connection.SendAndEndAsync(HandshakeGarbage(new Random(seed)));

            await Assert.ThrowsAsync<StreamingException>(() => connecting, $"seed {seed}");
            await Assert.ThrowsAsync<StreamingException>(
                () => victim.Producers[0].UntilAsync($"told, seed {seed}", () => !victim.Out.IsAvailable));
        }

        await AssertNothingIsLeftAsync(healthy, before, mostBytes: 300 << 20);
    }

    // A sequence of answers that was damaged in the ways in which bytes are damaged, while records are being written.
    [TestMethod]
    public async Task Damaged_answers_end_that_connection_and_no_other()
    {
        using TestChannels healthy = new(_silo, _other);
        await healthy.ConnectAsync();
        long before = GC.GetTotalAllocatedBytes();
        for (int seed = 0; seed < 250; seed++)
        {
            Random random = new(seed);
            using TestChannels victim = new(_silo, _other, at: _hostile.EndPoint);
            Task connecting = victim.ConnectAsync();
            victim.Out.Emit(seed);
            victim.Out.FlushPartial();
            await using HostileConnection connection = await _hostile.WelcomeAsync();
            await connection.SendAndEndAsync(FrameDamage.Apply(random, Answers(random)));

            await EndsAsync(connecting);
            await Eventually.EqualsAsync(1, () => _silo.Exchange.Connections, $"connections left after seed {seed}");
            WriteToTheEnd(victim);
        }

        await AssertNothingIsLeftAsync(healthy, before, mostBytes: 500 << 20);
    }

    [TestMethod]
    [DataRow("a credit for a channel that was never opened", "Credit for channel 9, which was never opened")]
    [DataRow("a credit for the connection", "Credit for channel 0, which was never opened")]
    [DataRow("no credit", "credit of 00000000")]
    [DataRow("negative credit", "credit of FFFFFFFF")]
    [DataRow("half a credit", "credit of 0100")]
    [DataRow("records", "a consumer's silo does not send Data")]
    [DataRow("a channel", "a consumer's silo does not send Open")]
    [DataRow("a hello", "a consumer's silo does not send Hello")]
    [DataRow("an unknown frame", "no frame begins with")]
    [DataRow("a frame too large", "a frame of 65525 bytes, 65524 allowed")]
    [DataRow("a frame of negative length", "a frame of 4294967295 bytes, 65524 allowed")]
    [DataRow("half a frame", "it ends within a frame")]
    public async Task What_no_consumer_sends_ends_the_connection_and_both_ends_learn_why(string what, string reason)
    {
        using TestChannels victim = new(_silo, _other, at: _hostile.EndPoint);
        Task connecting = victim.ConnectAsync();
        await using HostileConnection connection = await _hostile.WelcomeAsync();

        byte[] heard = await connection.SendAndEndAsync([.. Credit(1, 1_000), .. FrameOf(what)]);

        await EndsAsync(connecting);
        var error = await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(
            () => victim.Producers[0].UntilAsync("the producer is told", () => !victim.Out.IsAvailable));
        StringAssert.Contains(error.Message, "evil");
        StringAssert.Contains(error.Message, reason);
        Assert.IsGreaterThanOrEqualTo(0, heard.AsSpan().IndexOf(Encoding.UTF8.GetBytes(reason)), "it is not told");
    }

    // More than any number that is kept of it could hold, were it kept in 32 bits.
    [TestMethod]
    public async Task Credit_without_bounds_lets_records_through_and_nothing_else()
    {
        using TestChannels victim = new(_silo, _other, at: _hostile.EndPoint);
        Task connecting = victim.ConnectAsync();
        await using HostileConnection connection = await _hostile.WelcomeAsync();
        byte[] credit = Credit(1, int.MaxValue);
        await connection.Bytes.WriteAsync([.. Enumerable.Repeat((ReadOnlyMemory<byte>)credit, 100)], default);
        await connecting;

        victim.Out.Emit(42);
        victim.Out.FlushPartial();
        using FrameReader reader = new(connection.Bytes, 128 << 10, new BufferAccount());
        FrameHeader header = default;
        while (header.Type != FrameType.Data)
        {
            while (!reader.TryRead(out header, out _))
            {
                Assert.IsTrue(await reader.FillAsync(CancellationToken.None), "the connection was closed");
            }
        }

        Assert.AreEqual(BlockHeader.Bytes + sizeof(long), header.Length);
        Assert.IsTrue(victim.Out.IsAvailable);
    }

    // It says why, at length and with what does not belong into a log.
    [TestMethod]
    public async Task What_a_silo_gives_as_its_reason_is_cut_and_cleaned()
    {
        using TestChannels victim = new(_silo, _other, at: _hostile.EndPoint);
        Task connecting = victim.ConnectAsync();
        await using HostileConnection connection = await _hostile.WelcomeAsync();
        byte[] reason = Encoding.UTF8.GetBytes("bad\r\nluck " + new string('x', 60_000));
        await connection.SendAndEndAsync(Frame(FrameType.Close, FrameFlags.None, 1, reason));

        var error = await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(() => connecting);

        StringAssert.Contains(error.Message, "bad  luck xxx");
        Assert.IsLessThan(1_000, error.Message.Length);
    }

    private static byte[] FrameOf(string what) => what switch
    {
        "a credit for a channel that was never opened" => Credit(9, 1_000),
        "a credit for the connection" => Credit(0, 1_000),
        "no credit" => Credit(1, 0),
        "negative credit" => Credit(1, -1),
        "half a credit" => Frame(FrameType.Credit, FrameFlags.None, 1, [1, 0]),
        "records" => Frame(FrameType.Data, FrameFlags.First | FrameFlags.Last, 1, Block(100, 10)),
        "a channel" => Frame(FrameType.Open, FrameFlags.None, 1, new byte[ChannelIdCodec.Bytes]),
        "a hello" => Frame(FrameType.Hello, FrameFlags.None, 1, new byte[80]),
        "an unknown frame" => Frame((FrameType)77, FrameFlags.None, 1, []),
        "a frame too large" => Announced(FrameHeader.MaxLength + 1),
        "a frame of negative length" => Announced(-1),
        "half a frame" => Credit(1, 1_000)[..7],
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such frame"),
    };

    private static byte[] Announced(int length)
    {
        byte[] header = new byte[FrameHeader.Bytes];
        new FrameHeader(FrameType.Credit, FrameFlags.None, 1, length).Write(header);
        return header;
    }

    private static byte[] HandshakeGarbage(Random random)
    {
        byte[] garbage = new byte[random.Next(3_000)];
        random.NextBytes(garbage);
        byte[] some = garbage[..Math.Min(garbage.Length, 900)];
        return random.Next(6) switch
        {
            0 => [],
            1 => garbage,
            2 => Frame(FrameType.Challenge, FrameFlags.None, 0, some),
            3 => Frame(FrameType.Refused, FrameFlags.None, 0, some),
            4 => Announced(1 << random.Next(31)),
            _ => Frame((FrameType)random.Next(1, 13), FrameFlags.None, 0, some),
        };
    }

    private static async Task EndsAsync(Task connecting)
    {
        try
        {
            await connecting.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (StreamingException)
        {
            // Told, not swallowed.
        }
    }

    // Until the channel says that it is lost; or it was closed by the other end, and drops what is written.
    private static void WriteToTheEnd(TestChannels victim)
    {
        try
        {
            for (int record = 0; record < 100 && victim.Out.IsAvailable; record++)
            {
                victim.Out.Emit(record);
                victim.Out.FlushPartial();
            }
        }
        catch (SiloConnectionLostException)
        {
            // Told, not swallowed.
        }
    }

    private async Task AssertNothingIsLeftAsync(TestChannels healthy, long allocatedBefore, long mostBytes)
    {
        await Eventually.EqualsAsync(1, () => _silo.Exchange.Connections, "connections that are left");
        Assert.IsLessThan(mostBytes, GC.GetTotalAllocatedBytes() - allocatedBefore, "bytes allocated");
        healthy.Out.Emit(42);
        healthy.Out.FlushPartial();
        CollectionAssert.AreEqual(new long[] { 42 }, (await healthy.TakeBatchAsync()).Records);
        healthy.Dispose();
        await _other.DisposeAsync();
        await _silo.DisposeAsync();
        Assert.AreEqual(0, _silo.Batches.Outstanding, "batches");
        Assert.AreEqual(0, _silo.Exchange.Buffers.Outstanding, "buffers");
    }
}
