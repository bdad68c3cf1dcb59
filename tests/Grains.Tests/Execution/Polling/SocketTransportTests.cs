using System.Net;
using System.Net.Sockets;

namespace Millrace.Execution.Polling;

/// <summary>What every connection over a socket promises, whichever way its reader is woken.</summary>
[TestClass]
public sealed class SocketTransportTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _patience = new(Patience);

    private CancellationToken Token => _patience.Token;

    public void Dispose() => _patience.Dispose();

    // Lumps of all sizes around those at which the reader begins to wait for more, and a tail that nothing follows.
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task All_bytes_come_in_order_and_the_tail_comes_though_nothing_follows(bool isPolled)
    {
        await using Ends ends = await ConnectAsync(isPolled);
        int[] sizes = [1, 100, 65_536, 1_000_000, 48 << 10, (192 << 10) - 1, 192 << 10, (192 << 10) + 1, 7];
        long written = 0;
        long read = 0;
        foreach (int size in sizes)
        {
            Task writing = ends.First.WriteAsync([Numbered(written, size)], Token).AsTask();
            written += size;
            while (read < written)
            {
                read += await ReadCheckedAsync(ends.Second, read, 256 << 10);
            }

            await writing;
        }

        Assert.AreEqual(written, read);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Much_more_than_the_system_holds_waits_for_a_slow_reader_and_arrives(bool isPolled)
    {
        await using Ends ends = await ConnectAsync(isPolled);
        const int Total = 32 << 20;
        Task writing = ends.First.WriteAsync([Numbered(0, Total / 2), Numbered(Total / 2, Total / 2)], Token).AsTask();
        Assert.IsFalse(writing.IsCompleted, "nobody has read yet");

        long read = 0;
        for (int size = 1; read < Total; size = (size * 3 % 300_000) + 1)
        {
            read += await ReadCheckedAsync(ends.Second, read, size);
        }

        await writing;
        Assert.AreEqual(Total, read);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Both_directions_go_on_while_the_other_one_waits(bool isPolled)
    {
        await using Ends ends = await ConnectAsync(isPolled);
        const int Total = 16 << 20;
        Task[] writing =
        [
            ends.First.WriteAsync([Numbered(0, Total)], Token).AsTask(),
            ends.Second.WriteAsync([Numbered(0, Total)], Token).AsTask(),
        ];
        Task[] reading = [ReadAllAsync(ends.First, Total), ReadAllAsync(ends.Second, Total)];
        await Task.WhenAll([.. writing, .. reading]);
    }

    // Many connections share a thread: each is found, and none is left waiting for another's.
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Many_connections_at_once_get_their_own_bytes(bool isPolled)
    {
        const int Connections = 40;
        const int Total = 600_000;
        List<Ends> all = [];
        for (int i = 0; i < Connections; i++)
        {
            all.Add(await ConnectAsync(isPolled));
        }

        await Task.WhenAll(all.SelectMany(ends => new[]
        {
            ends.First.WriteAsync([Numbered(0, Total)], Token).AsTask(), ReadAllAsync(ends.Second, Total),
        }));
        foreach (Ends ends in all)
        {
            await ends.DisposeAsync();
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_canceled_read_ends_and_the_next_one_gets_what_comes(bool isPolled)
    {
        await using Ends ends = await ConnectAsync(isPolled);
        for (int i = 0; i < 50; i++)
        {
            using CancellationTokenSource stop = new();
            Task<int> reading = ends.Second.ReadAsync(new byte[10], stop.Token).AsTask();
            await stop.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => reading);
        }

        await ends.First.WriteAsync([Numbered(0, 5)], Token);
        Assert.AreEqual(5, await ReadCheckedAsync(ends.Second, 0, 10));
    }

    // Whoever cancels may be about to send something himself: what follows upon it is none of his business.
    [TestMethod]
    public async Task Whoever_cancels_a_read_does_not_go_on_with_its_reader()
    {
        await using Ends ends = await ConnectAsync(isPolled: true);
        using CancellationTokenSource stop = new();
        int resumedOn = 0;
        Task reading = NoteThreadAsync();
        int canceler = 0;
        Thread thread = new(() =>
        {
            canceler = Environment.CurrentManagedThreadId;
            stop.Cancel();
        });
        thread.Start();
        thread.Join();
        await reading;
        Assert.AreNotEqual(canceler, resumedOn);

        async Task NoteThreadAsync()
        {
            await Assert.ThrowsAsync<OperationCanceledException>(
                () => ends.Second.ReadAsync(new byte[10], stop.Token).AsTask());
            resumedOn = Environment.CurrentManagedThreadId;
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_canceled_write_ends_though_nobody_reads(bool isPolled)
    {
        await using Ends ends = await ConnectAsync(isPolled);
        using CancellationTokenSource stop = new();
        Task writing = ends.First.WriteAsync([Numbered(0, 64 << 20)], stop.Token).AsTask();
        Assert.IsFalse(writing.IsCompleted, "nobody reads");
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => writing);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Disposal_breaks_a_read_and_a_write_that_wait(bool isPolled)
    {
        await using Ends ends = await ConnectAsync(isPolled);
        Task writing = ends.First.WriteAsync([Numbered(0, 64 << 20)], Token).AsTask();
        Task<int> reading = ends.First.ReadAsync(new byte[10], Token).AsTask();
        await ends.First.DisposeAsync();

        IOException write = await Assert.ThrowsExactlyAsync<IOException>(() => writing);
        IOException read = await Assert.ThrowsExactlyAsync<IOException>(() => reading);
        StringAssert.Contains(write.Message, ends.First.RemoteName);
        StringAssert.Contains(read.Message, ends.First.RemoteName);
        await Assert.ThrowsExactlyAsync<IOException>(() => ends.First.ReadAsync(new byte[10], Token).AsTask());
        await Assert.ThrowsExactlyAsync<IOException>(() => ends.First.WriteAsync([Numbered(0, 5)], Token).AsTask());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task An_end_that_closes_is_seen_after_all_it_had_sent(bool isPolled)
    {
        await using Ends ends = await ConnectAsync(isPolled);
        await ends.First.WriteAsync([Numbered(0, 100_000)], Token);
        await ends.First.DisposeAsync();
        await ReadAllAsync(ends.Second, 100_000);
        Assert.AreEqual(0, await ends.Second.ReadAsync(new byte[10], Token));
        Assert.AreEqual(0, await ends.Second.ReadAsync(new byte[10], Token));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task An_end_that_is_torn_off_breaks_the_read_that_waits(bool isPolled)
    {
        SocketTransport transport = Transport(isPolled);
        await using ITransportListener listener = transport.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Task<ITransportConnection?> accepting = listener.AcceptAsync(Token).AsTask();
        await other.ConnectAsync(listener.EndPoint, Token);
        await using ITransportConnection connection = (await accepting)!;
        Task<int> reading = connection.ReadAsync(new byte[10], Token).AsTask();
        other.LingerState = new LingerOption(true, 0);
        other.Dispose();
        await Assert.ThrowsExactlyAsync<IOException>(() => reading);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Nobody_at_an_address_is_said_to_be_there(bool isPolled)
    {
        SocketTransport transport = Transport(isPolled);
        ITransportListener listener = transport.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        await listener.DisposeAsync();

        IOException error = await Assert.ThrowsExactlyAsync<IOException>(
            () => transport.ConnectAsync(listener.EndPoint, Token).AsTask());
        StringAssert.Contains(error.Message, $"Nobody answers at {listener.EndPoint}");
    }

    // 192.0.2.0/24 is for documentation: nobody answers there, or the system knows of no way to it.
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Connecting_ends_when_it_is_canceled(bool isPolled)
    {
        using CancellationTokenSource stop = new();
        Task connecting = Transport(isPolled).ConnectAsync(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9), stop.Token)
            .AsTask();
        await stop.CancelAsync();
        Exception error = await Assert.ThrowsAsync<Exception>(() => connecting);
        Assert.IsTrue(error is OperationCanceledException or IOException, error.ToString());
    }

    // A reader that reads at every chance, in small pieces, shares its thread with others.
    [TestMethod]
    public async Task A_connection_that_always_has_more_does_not_keep_another_from_being_read()
    {
        using CancellationTokenSource stop = new();
        List<Ends> busy = [];
        List<Task> tasks = [];
        for (int i = 0; i < 3 * Environment.ProcessorCount; i++)
        {
            Ends ends = await ConnectAsync(isPolled: true);
            busy.Add(ends);
            tasks.Add(Task.Run(() => WriteForEverAsync(ends.First, stop.Token), Token));
            tasks.Add(Task.Run(() => ReadForEverAsync(ends.Second, stop.Token), Token));
        }

        await using (Ends quiet = await ConnectAsync(isPolled: true))
        {
            for (int i = 0; i < 20; i++)
            {
                await quiet.First.WriteAsync([Numbered(i, 1)], Token);
                Assert.AreEqual(1, await ReadCheckedAsync(quiet.Second, i, 10));
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(tasks);
        foreach (Ends ends in busy)
        {
            await ends.DisposeAsync();
        }
    }

    private static SocketTransport Transport(bool isPolled)
    {
        if (isPolled && !ReadyList.IsSupported)
        {
            Assert.Inconclusive("This system has no list of ready sockets.");
        }

        return new SocketTransport(isPolled);
    }

    private static async Task WriteForEverAsync(ITransportConnection connection, CancellationToken stop)
    {
        try
        {
            byte[] bytes = new byte[100_000];
            while (true)
            {
                await connection.WriteAsync([bytes], stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task ReadForEverAsync(ITransportConnection connection, CancellationToken stop)
    {
        try
        {
            byte[] bytes = new byte[1_000];
            while (true)
            {
                await connection.ReadAsync(bytes, stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // Every byte tells its place, in a period that no power of two divides.
    private static byte[] Numbered(long first, int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)((first + i) % 251);
        }

        return bytes;
    }

    private async Task ReadAllAsync(ITransportConnection connection, int total)
    {
        for (long read = 0; read < total;)
        {
            int more = await ReadCheckedAsync(connection, read, 100_000);
            Assert.AreNotEqual(0, more, $"it ends after {read} bytes");
            read += more;
        }
    }

    private async Task<int> ReadCheckedAsync(ITransportConnection connection, long at, int most)
    {
        byte[] bytes = new byte[most];
        int read = await connection.ReadAsync(bytes, Token);
        for (int i = 0; i < read; i++)
        {
            if (bytes[i] != (at + i) % 251)
            {
                Assert.Fail($"byte {at + i} is {bytes[i]}, {(at + i) % 251} was written");
            }
        }

        return read;
    }

    private async Task<Ends> ConnectAsync(bool isPolled)
    {
        SocketTransport transport = Transport(isPolled);
        await using ITransportListener listener = transport.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        Task<ITransportConnection?> accepting = listener.AcceptAsync(Token).AsTask();
        ITransportConnection first = await transport.ConnectAsync(listener.EndPoint, Token);
        return new Ends(first, (await accepting)!);
    }

    private sealed record Ends(ITransportConnection First, ITransportConnection Second) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
