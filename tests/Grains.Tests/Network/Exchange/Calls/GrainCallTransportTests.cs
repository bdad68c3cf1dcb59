using System.Net;
using Millrace.Execution;
using Millrace.Tasks;

namespace Millrace.Network.Exchange.Calls;

[TestClass]
public sealed class GrainCallTransportTests
{
    private static CallCluster Cluster = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => Cluster = await CallCluster.StartAsync(silos: 3);

    [ClassCleanup]
    public static async Task StopAsync() => await Cluster.DisposeAsync();

    // Pieces of any size, both ways at once, read in other pieces: what a pipe is.
    [TestMethod]
    public async Task Bytes_arrive_in_order_and_whole_in_both_directions()
    {
        (ITransportListener listener, ITransportConnection one, ITransportConnection other) = await ConnectAsync();
        await using (listener)
        await using (one)
        await using (other)
        {
            await Task.WhenAll(
                WriteAsync(one, seed: 1), ReadAsync(other, seed: 1),
                WriteAsync(other, seed: 2), ReadAsync(one, seed: 2));
        }
    }

    [TestMethod]
    public async Task What_was_written_before_closing_is_read_and_then_the_end()
    {
        (ITransportListener listener, ITransportConnection one, ITransportConnection other) = await ConnectAsync();
        await using (listener)
        await using (other)
        {
            await one.WriteAsync([new byte[100_000]], CancellationToken.None);
            await one.DisposeAsync();
            int read = 0;
            for (int now; (now = await other.ReadAsync(new byte[30_000], CancellationToken.None)) > 0;)
            {
                read += now;
            }

            Assert.AreEqual(100_000, read);
        }

        await Eventually.EqualsAsync(0, () => Cluster.Transport(0).Connections, "connections of silo 0");
        await Eventually.EqualsAsync(0, () => Cluster.Transport(1).Connections, "connections of silo 1");
    }

    // Nobody reads: the writer is held, and not more than a window waits there.
    [TestMethod]
    public async Task A_reader_that_does_not_read_stops_the_writer()
    {
        (ITransportListener listener, ITransportConnection one, ITransportConnection other) = await ConnectAsync();
        await using (listener)
        await using (one)
        await using (other)
        {
            using CancellationTokenSource stop = new();
            Task writing = one.WriteAsync([new byte[10 << 20]], stop.Token).AsTask();
            int read = 0;
            while (read < 2 << 20)
            {
                read += await other.ReadAsync(new byte[64 << 10], CancellationToken.None);
            }

            Assert.IsFalse(writing.IsCompleted, "8 MB were written and nobody read them");
            await stop.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => writing);
        }
    }

    [TestMethod]
    public async Task A_silo_that_does_not_listen_is_named()
    {
        var error = await Assert.ThrowsExactlyAsync<IOException>(() => ConnectAsync(0, Cluster.Address(1)));
        StringAssert.Contains(error.Message, Cluster.Address(1));
        Assert.AreEqual(0, Cluster.Transport(0).Connections);
    }

    [TestMethod]
    public async Task A_silo_that_is_not_of_the_cluster_is_named()
    {
        var error = await Assert.ThrowsExactlyAsync<IOException>(() => ConnectAsync(0, "127.0.0.1:9@77"));
        StringAssert.Contains(error.Message, "127.0.0.1:9@77");
    }

    // As during a rolling upgrade: the older one refuses the newer one, and the other way round.
    [TestMethod]
    [DataRow(IExchangeGrain.Version + 1)]
    [DataRow(IExchangeGrain.Version - 1)]
    public async Task Silos_of_different_versions_refuse_each_other_by_number(int version)
    {
        await using ITransportListener listener =
            Cluster.Transport(1).Listen(new IPEndPoint(IPAddress.Loopback, 0));
        GrainCallTransport other = Cluster.TransportOfVersion(0, version);

        var error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(
            () => other.ConnectAsync(listener.EndPoint, CancellationToken.None).AsTask());

        StringAssert.Contains(error.Message, $"{Cluster.Address(1)} speaks version {IExchangeGrain.Version}");
        StringAssert.Contains(error.Message, $"not {version} as silo {Cluster.Address(0)} does");
        Assert.AreEqual(0, other.Connections);
        await Eventually.EqualsAsync(0, () => Cluster.Transport(1).Connections, "connections of the one that refused");
    }

    [TestMethod]
    public async Task A_silo_of_another_version_is_refused_as_a_failure_of_the_channel()
    {
        await using TestSilo to = new("S2", transport: Cluster.Transport(1));
        await using TestSilo from = new(
            "S1", transport: Cluster.TransportOfVersion(0, IExchangeGrain.Version + 1));
        using TestChannels channels = new(from, to);

        var error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(channels.ConnectAsync);

        StringAssert.Contains(error.Message, $"not {IExchangeGrain.Version + 1}");
        Assert.ThrowsExactly<ExchangeRefusedException>(() => channels.Out.IsAvailable);
    }

    [TestMethod]
    public async Task Silos_that_send_by_different_ways_are_told_apart()
    {
        await using TestSilo calls = new("S1", transport: Cluster.Transport(0));
        await using TestSilo sockets = new("S2");
        using TestChannels there = new(calls, sockets);
        using TestChannels back = new(sockets, calls);

        var error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(there.ConnectAsync);
        StringAssert.Contains(error.Message, sockets.EndPoint.ToString());
        StringAssert.Contains(error.Message, "Millrace:Exchange:Transport must be the same");
        error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(back.ConnectAsync);
        StringAssert.Contains(error.Message, Cluster.Address(0));
    }

    // Heartbeats are off for this test's time: it is the cluster that tells.
    [TestMethod]
    public async Task A_silo_that_is_killed_breaks_its_connections_as_soon_as_the_cluster_knows()
    {
        await using CallCluster cluster = await CallCluster.StartAsync(silos: 2);
        ExchangeOptions patient = new()
        {
            HeartbeatInterval = TimeSpan.FromHours(1),
            HeartbeatTimeout = TimeSpan.FromHours(2),
        };
        await using TestSilo from = new("S1", exchange: patient, transport: cluster.Transport(0));
        TestSilo to = new("S2", exchange: patient, transport: cluster.Transport(1));
        using TestChannels there = new(from, to);
        using TestChannels back = new(to, from);
        await Task.WhenAll(there.ConnectAsync(), back.ConnectAsync());

        await cluster.KillAsync(1);

        await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(
            () => there.Producers[0].UntilAsync("the producer is told", () => !there.Out.IsAvailable));
        await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(
            () => back.Consumer.UntilAsync("the consumer is told", () => back.Gate.TryTake(out _, out _)));
        await to.DisposeAsync();
    }

    private static async Task<ITransportConnection> ConnectAsync(int from, string silo) =>
        await Cluster.Transport(from).ConnectAsync(new GrainCallEndPoint(silo), CancellationToken.None);

    private static async Task<(ITransportListener Listener, ITransportConnection One, ITransportConnection Other)>
        ConnectAsync()
    {
        ITransportListener listener = Cluster.Transport(1).Listen(new IPEndPoint(IPAddress.Loopback, 0));
        ITransportConnection one = await ConnectAsync(0, listener.EndPoint.ToString()!);
        ITransportConnection? other = await listener.AcceptAsync(CancellationToken.None);
        return (listener, one, other!);
    }

    private static async Task WriteAsync(ITransportConnection connection, int seed)
    {
        Random random = new(seed);
        byte[] all = Content(seed);
        for (int at = 0; at < all.Length;)
        {
            ReadOnlyMemory<byte>[] parts = new ReadOnlyMemory<byte>[1 + random.Next(4)];
            for (int part = 0; part < parts.Length; part++)
            {
                int length = Math.Min(random.Next(random.Next(2) == 0 ? 100 : 150_000), all.Length - at);
                parts[part] = all.AsMemory(at, length);
                at += length;
            }

            await connection.WriteAsync(parts, CancellationToken.None);
        }
    }

    private static async Task ReadAsync(ITransportConnection connection, int seed)
    {
        Random random = new(-seed);
        byte[] all = Content(seed);
        byte[] buffer = new byte[100_000];
        for (int at = 0; at < all.Length;)
        {
            int read = await connection.ReadAsync(
                buffer.AsMemory(0, 1 + random.Next(buffer.Length)), CancellationToken.None);
            Assert.IsTrue(
                read > 0 && all.AsSpan(at, read).SequenceEqual(buffer.AsSpan(0, read)), $"bytes {at} to {at + read}");
            at += read;
        }
    }

    private static byte[] Content(int seed)
    {
        byte[] content = new byte[20 << 20];
        new Random(seed).NextBytes(content);
        return content;
    }
}
