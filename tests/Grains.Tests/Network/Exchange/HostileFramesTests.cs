using System.Net.Sockets;
using Millrace.Batches;
using Millrace.Execution;
using Millrace.Network.Exchange.Connections;
using Millrace.Network.Exchange.Frames;
using static Millrace.Network.Exchange.FrameSequence;

namespace Millrace.Network.Exchange;

[TestClass]
public sealed class HostileFramesTests : IAsyncDisposable
{
    private readonly SystemExecution _execution = new(
        new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);

    private readonly TestSilo _silo = new("S1");
    private readonly TestSilo _other = new("S2");

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _other.DisposeAsync();
        _execution.Dispose();
    }

    [TestMethod]
    public async Task Garbage_before_the_handshake_closes_that_connection_and_no_other()
    {
        using TestChannels channels = new(_other, _silo);
        await channels.ConnectAsync();
        Random random = new(3);
        for (int i = 0; i < 100; i++)
        {
            using TcpClient client = new();
            await client.ConnectAsync(_silo.EndPoint);
            byte[] garbage = new byte[1 + random.Next(5_000)];
            random.NextBytes(garbage);
            NetworkStream stream = client.GetStream();
            await IgnoreAsync(async () =>
            {
                await stream.WriteAsync(garbage);
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null);
            });
        }

        await AssertUnharmedAsync(channels);
    }

    // As one who knows the secret, or a silo with a bug: every frame is checked, none makes it allocate what it
    // announces.
    [TestMethod]
    public async Task Garbage_after_the_handshake_closes_that_connection_and_no_other()
    {
        using TestChannels channels = new(_other, _silo);
        await channels.ConnectAsync();
        long before = GC.GetTotalAllocatedBytes();
        for (int seed = 0; seed < 200; seed++)
        {
            using TestChannels victim = new(_other, _silo);
            // A frame whose length was changed waits for its rest: enough follows to end any.
            await SendAsync([.. Frames(new Random(seed), victim.Id), .. new byte[FrameHeader.MaxFrameBytes]]);
            DrainCorrupted(victim.Gate);
        }

        long allocated = GC.GetTotalAllocatedBytes() - before;
        Assert.IsTrue(allocated < 500 << 20, $"{allocated >> 20} MB allocated for 200 connections");
        await AssertUnharmedAsync(channels);
        await Eventually.EqualsAsync(0, () => _silo.Batches.Outstanding, "batches");
    }

    // A valid sequence that was damaged in the ways in which bytes are damaged. It ends, one way or the other: no hang,
    // nothing made for what was only announced, every buffer given back.
    [TestMethod]
    public async Task A_damaged_sequence_of_frames_ends_its_connection_and_leaves_nothing()
    {
        using TestChannels channels = new(_other, _silo);
        await channels.ConnectAsync();
        long before = GC.GetTotalAllocatedBytes();
        for (int seed = 0; seed < 300; seed++)
        {
            using TestChannels victim = new(_other, _silo, timestamps: seed % 2 == 0);
            Random random = new(seed);
            byte[] damaged = FrameDamage.Apply(random, FrameSequence.Valid(random, victim.Id, seed % 2 == 0));
            await SendAndEndAsync(damaged);
            DrainCorrupted(victim.Gate);
        }

        await Eventually.EqualsAsync(1, () => _silo.Exchange.Connections, "connections that are left");
        long allocated = GC.GetTotalAllocatedBytes() - before;
        Assert.IsLessThan(700 << 20, allocated, "bytes allocated for 300 connections");
        await AssertUnharmedAsync(channels);
        await Eventually.EqualsAsync(0, () => _silo.Batches.Outstanding, "batches");
        channels.Dispose();
        await _other.DisposeAsync();
        await _silo.DisposeAsync();
        Assert.AreEqual(0, _silo.Exchange.Buffers.Outstanding, "buffers");
    }

    // What the sequences are before they are damaged: or the test above would only test the first check.
    [TestMethod]
    public async Task An_undamaged_sequence_of_frames_is_read_to_its_end()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            using TestChannels victim = new(_other, _silo, timestamps: seed % 2 == 0);
            FrameSequence valid = FrameSequence.Valid(new Random(seed), victim.Id, seed % 2 == 0);
            await using ITransportConnection connection = await ConnectAsync();
            await connection.WriteAsync([.. valid.Frames.Select(frame => (ReadOnlyMemory<byte>)frame)], default);
            int records = 0;
            while ((await victim.TakeAsync()).Element is not EndOfData and var element)
            {
                records += element is RecordBatch<long> batch ? batch.Count : 0;
                element.Release();
            }

            Assert.AreEqual(valid.Records, records, $"seed {seed}");
        }
    }

    [TestMethod]
    public async Task A_block_without_credit_is_refused()
    {
        using TestChannels victim = new(_other, _silo);
        byte[] block = Block(length: BlockHeader.Bytes + 60_000, count: 7_500);
        List<byte> frames = [.. Open(victim.Id)];

        // The one that uses the credit up is allowed, the one after it is not.
        int blocks = (_silo.Exchange.Options.ChannelCreditBytes / block.Length) + 2;
        for (int i = 0; i < blocks; i++)
        {
            frames.AddRange(Frame(FrameType.Data, FrameFlags.First | FrameFlags.Last, 1, block));
        }

        StringAssert.Contains(await SendAsync(frames.ToArray()), "it had credit for");
    }

    [TestMethod]
    [DataRow(int.MaxValue)]
    [DataRow(-5)]
    [DataRow(3)]
    public async Task A_block_of_impossible_length_is_refused(int length)
    {
        using TestChannels victim = new(_other, _silo);
        byte[] begun = Block(BlockHeader.Bytes + 100, count: 1);
        new BlockHeader(length, 1, 0).Write(begun);

        string reason = await SendAsync([.. Open(victim.Id), .. Frame(FrameType.Data, FrameFlags.First, 1, begun)]);

        StringAssert.Contains(reason, "a block of");
    }

    // Announced in a frame that is whole: found when it is decoded, by the subtask that reads it.
    [TestMethod]
    public async Task More_records_than_bytes_are_refused_before_anything_is_made_for_them()
    {
        using TestChannels victim = new(_other, _silo);
        byte[] block = Block(BlockHeader.Bytes + 80, count: int.MaxValue);
        byte[] data = Frame(FrameType.Data, FrameFlags.First | FrameFlags.Last, 1, block);
        await using ITransportConnection connection = await ConnectAsync();
        await connection.WriteAsync([Open(victim.Id), data], CancellationToken.None);

        await Assert.ThrowsExactlyAsync<Serialization.RecordCorruptedException>(victim.TakeAsync);
    }

    [TestMethod]
    public async Task Frames_for_a_channel_that_is_not_open_are_refused()
    {
        StringAssert.Contains(
            await SendAsync(Frame(FrameType.Data, FrameFlags.First, 9, Block(100, 1))), "which is not open");
        StringAssert.Contains(
            await SendAsync(Frame(FrameType.Credit, FrameFlags.None, 9, [1, 0, 0, 0])), "does not send");
    }

    // Valid to begin with, so that the deeper checks are reached; then a few bytes are changed.
    private static byte[] Frames(Random random, ChannelId id)
    {
        List<byte> frames = [.. Open(id)];
        for (int i = random.Next(6); i >= 0; i--)
        {
            frames.AddRange(random.Next(5) switch
            {
                0 => Frame(FrameType.Heartbeat, FrameFlags.None, 0, []),
                1 => Frame(FrameType.Control, FrameFlags.None, 1, [2, 1, .. new byte[15]]),
                2 => Frame((FrameType)random.Next(1, 13), (FrameFlags)random.Next(4), 1, new byte[random.Next(200)]),
                _ => Frame(FrameType.Data, FrameFlags.First | FrameFlags.Last, 1, Block(BlockHeader.Bytes + 80, 10)),
            });
        }

        byte[] bytes = frames.ToArray();
        for (int changes = random.Next(4); changes > 0; changes--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static void DrainCorrupted(IInputGate gate)
    {
        try
        {
            while (gate.TryTake(out _, out StreamElement? element))
            {
                element!.Release();
            }
        }
        catch (Failures.StreamingException)
        {
            // Corrupt, or lost: told, not swallowed.
        }
    }

    private static async Task AssertUnharmedAsync(TestChannels channels)
    {
        channels.Out.Emit(42);
        channels.Out.FlushPartial();
        CollectionAssert.AreEqual(new long[] { 42 }, (await channels.TakeBatchAsync()).Records);
    }

    private static async Task IgnoreAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The other end had enough.
        }
    }

    private async Task<ITransportConnection> ConnectAsync()
    {
        ITransportConnection connection =
            await new SocketTransport().ConnectAsync(_silo.EndPoint, CancellationToken.None);
        await new Handshake(connection, new ExchangeIdentity("test", "evil"), "", _execution)
            .ConnectAsync(CancellationToken.None);
        return connection;
    }

    // Sends frames after a proper handshake, then reads until the connection is closed.
    private async Task<string> SendAsync(byte[] frames)
    {
        await using ITransportConnection connection = await ConnectAsync();
        string reason = "";
        await IgnoreAsync(async () =>
        {
            await connection.WriteAsync([frames], CancellationToken.None);
            reason = await ReasonAsync(connection);
        });
        return reason;
    }

    // Everything is sent, and then nothing more: whatever is being waited for, the end comes instead.
    private async Task SendAndEndAsync(byte[] frames)
    {
        using TcpClient client = new();
        await client.ConnectAsync(_silo.EndPoint);
        await using SocketConnection connection = new(client.Client);
        await new Handshake(connection, new ExchangeIdentity("test", "evil"), "", _execution)
            .ConnectAsync(CancellationToken.None);
        await IgnoreAsync(async () =>
        {
            await connection.WriteAsync([frames], CancellationToken.None);
            client.Client.Shutdown(SocketShutdown.Send);
            while (await connection.ReadAsync(new byte[1_024], CancellationToken.None) > 0)
            {
            }
        });
    }

    private static async Task<string> ReasonAsync(ITransportConnection connection)
    {
        using FrameReader reader = new(connection, 128 << 10, new BufferAccount());
        while (await reader.FillAsync(CancellationToken.None))
        {
            while (reader.TryRead(out FrameHeader header, out int offset))
            {
                if (header.Type == FrameType.Error)
                {
                    return Reason.Of(reader.Buffer.Bytes.AsSpan(offset, header.Length));
                }
            }
        }

        return "";
    }
}
