using System.Buffers.Binary;
using System.Net;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

[TestClass]
public sealed class FullRecordsTests : IDisposable
{
    private const int HeaderBytes = 5;
    private const int MostPlainBytes = 16 << 10;

    private readonly TlsFiles _files = new();

    public void Dispose() => _files.Dispose();

    // Parts as the exchange writes them: small ones, frames of 64 KB, and whatever lies between.
    [TestMethod]
    public async Task Parts_of_any_size_fill_records_and_arrive_in_order()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            Random random = new(seed);
            int[] sizes = [.. Enumerable.Range(0, random.Next(1, 120)).Select(_ => random.Next(4) switch
            {
                0 => random.Next(0, 40),
                1 => random.Next(4_000, 9_000),
                2 => 64 << 10,
                _ => random.Next(1, 70_000),
            })];
            await AssertFullAsync(random, sizes);
        }
    }

    [TestMethod]
    public async Task A_hundred_parts_of_five_thousand_bytes_take_31_records()
    {
        await AssertFullAsync(new Random(1), [.. Enumerable.Repeat(5_000, 100)]);
    }

    private async Task AssertFullAsync(Random random, int[] sizes)
    {
        RecordingTransport wire = new(new SocketTransport());
        TlsTransport tls = new(wire, _files.Signed("S1").Read());
        await using ITransportListener listener = tls.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        Task<byte[]> reading = ReadAllAsync(listener, sizes.Sum());
        await using ITransportConnection connection =
            await tls.ConnectAsync(listener.EndPoint, CancellationToken.None);
        int before = wire.Written.Length;
        int writesBefore = wire.Writes;
        ReadOnlyMemory<byte>[] parts = [.. sizes.Select(size =>
        {
            byte[] part = new byte[size];
            random.NextBytes(part);
            return (ReadOnlyMemory<byte>)part;
        })];

        await connection.WriteAsync(parts, CancellationToken.None);

        byte[] expected = [.. parts.SelectMany(part => part.ToArray())];
        CollectionAssert.AreEqual(expected, await reading);
        int records = CountRecords(wire.Written[before..]);
        Assert.AreEqual((expected.Length + MostPlainBytes - 1) / MostPlainBytes, records, "records");
        Assert.IsLessThanOrEqualTo(records, wire.Writes - writesBefore, "writes");
    }

    private static async Task<byte[]> ReadAllAsync(ITransportListener listener, int bytes)
    {
        await using ITransportConnection? connection = await listener.AcceptAsync(CancellationToken.None);
        byte[] read = new byte[bytes];
        for (int have = 0; have < bytes;)
        {
            int more = await connection!.ReadAsync(read.AsMemory(have), CancellationToken.None);
            have += more > 0 ? more : throw new IOException($"It ended after {have} of {bytes} bytes.");
        }

        return read;
    }

    private static int CountRecords(ReadOnlySpan<byte> wire)
    {
        int records = 0;
        while (wire.Length > 0)
        {
            records++;
            wire = wire[(HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(wire[3..]))..];
        }

        return records;
    }
}
