using System.Net;
using System.Net.Sockets;
using Millrace.Execution;
using Millrace.Network.Exchange.Connections;
using Millrace.Network.Exchange.Frames;
using Millrace.Serialization;

namespace Millrace.Network.Exchange;

[TestClass]
public sealed class HandshakeTests
{
    [TestMethod]
    public async Task Another_secret_is_refused_and_both_silos_say_why()
    {
        CollectedLog first = new();
        CollectedLog second = new();
        await using TestSilo from = new("S1", exchange: Secret("right"), logger: first);
        await using TestSilo to = new("S2", exchange: Secret("wrong"), logger: second);
        using TestChannels channels = new(from, to);

        var error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(channels.ConnectAsync);

        StringAssert.Contains(error.Message, "S2");
        StringAssert.Contains(error.Message, "another cluster secret");
        foreach (CollectedLog log in new[] { first, second })
        {
            await Eventually.HoldsAsync("a silo's log", () => log.Has("another cluster secret"), log.ToString);
        }

        Assert.ThrowsExactly<ExchangeRefusedException>(() => channels.Out.IsAvailable);
    }

    [TestMethod]
    public async Task Another_cluster_is_refused_by_name()
    {
        CollectedLog log = new();
        await using TestSilo from = new("S1", cluster: "blue");
        await using TestSilo to = new("S2", cluster: "green", logger: log);
        using TestChannels channels = new(from, to);

        var error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(channels.ConnectAsync);

        StringAssert.Contains(error.Message, "belongs to cluster 'green', not 'blue'");
        await Eventually.HoldsAsync("the log", () => log.Has("belongs to cluster 'green', not 'blue'"), log.ToString);
    }

    [TestMethod]
    public async Task Another_version_is_refused_by_number()
    {
        await using TestSilo silo = new();
        using RecordWriter hello = new();
        hello.WriteUInt64(0x45434152_4C4C494D);
        hello.WriteUInt16(Handshake.Version + 1);
        hello.WriteString("whatever later versions say");

        string answer = await AnswerToAsync(silo, FrameType.Hello, hello.WrittenSpan.ToArray());

        StringAssert.Contains(answer, $"version {Handshake.Version} of the exchange, not {Handshake.Version + 1}");
    }

    [TestMethod]
    public async Task Something_else_than_a_silo_is_refused()
    {
        await using TestSilo silo = new();
        string answer = await AnswerToAsync(silo, FrameType.Hello, [1, 2, 3]);
        StringAssert.Contains(answer, "no silo's hello");
    }

    // Whoever listens on the port proves nothing by it.
    [TestMethod]
    public async Task A_listener_that_does_not_know_the_secret_is_not_believed()
    {
        await using TestSilo silo = new("S1", exchange: Secret("right"));
        await using TestSilo to = new("S2");
        SocketTransport sockets = new();
        await using ITransportListener listener = sockets.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using SystemExecution execution = new(new WorkerOptions { Threads = 1 }, sockets, TimeProvider.System);
        Task<ExchangeRefusedException> impostor = Assert.ThrowsExactlyAsync<ExchangeRefusedException>(async () =>
        {
            await using ITransportConnection? connection = await listener.AcceptAsync(CancellationToken.None);
            await new Handshake(connection!, new ExchangeIdentity("test", "S2"), "guess", execution)
                .AcceptAsync(CancellationToken.None);
        });

        using TestChannels channels = new(silo, to, at: listener.EndPoint);
        await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(channels.ConnectAsync);
        await impostor;
    }

    [TestMethod]
    public async Task A_listener_that_says_nothing_is_given_up()
    {
        await using TestSilo silo = new(
            exchange: new ExchangeOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        await using TestSilo to = new("S2");
        using TcpListener mute = new(IPAddress.Loopback, 0);
        mute.Start();

        using TestChannels channels = new(silo, to, at: (IPEndPoint)mute.LocalEndpoint);
        var error = await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(channels.ConnectAsync);
        StringAssert.Contains(error.Message, mute.LocalEndpoint.ToString());
        StringAssert.Contains(error.Message, "did not answer within");
    }

    [TestMethod]
    public async Task One_that_connects_and_says_nothing_is_given_up()
    {
        await using TestSilo silo = new(
            exchange: new ExchangeOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        using TcpClient mute = new();
        await mute.ConnectAsync(silo.EndPoint);

        Assert.AreEqual(0, await mute.GetStream().ReadAsync(new byte[1]));
        await Eventually.EqualsAsync(0, () => silo.Exchange.Connections, "connections");
    }

    [TestMethod]
    [DataRow(ExchangeTransport.Tcp, "0.0.0.0", "127.0.0.1:11111@3")]
    [DataRow(ExchangeTransport.GrainCalls, "127.0.0.1", "10.0.0.5:11111@3")]
    public void An_empty_secret_is_refused_where_other_machines_reach(
        ExchangeTransport transport, string address, string silo)
    {
        using SystemExecution execution = new(
            new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);
        var error = Assert.ThrowsExactly<ArgumentException>(() => new ConnectionExchange(
            execution,
            new ExchangeOptions { Transport = transport, Address = address },
            new ExchangeIdentity("test", silo),
            new CollectedLog()));
        StringAssert.Contains(error.Message, "ClusterSecret is empty");
    }

    private static ExchangeOptions Secret(string secret) => new() { ClusterSecret = secret };

    private static async Task<string> AnswerToAsync(TestSilo silo, FrameType type, byte[] message)
    {
        using TcpClient client = new();
        await client.ConnectAsync(silo.EndPoint);
        NetworkStream stream = client.GetStream();
        byte[] frame = new byte[FrameHeader.Bytes + message.Length];
        new FrameHeader(type, FrameFlags.None, 0, message.Length).Write(frame);
        message.CopyTo(frame, FrameHeader.Bytes);
        await stream.WriteAsync(frame);

        byte[] header = new byte[FrameHeader.Bytes];
        await stream.ReadExactlyAsync(header);
        FrameHeader answer = FrameHeader.Read(header);
        Assert.AreEqual(FrameType.Refused, answer.Type);
        byte[] reason = new byte[answer.Length];
        await stream.ReadExactlyAsync(reason);
        Assert.AreEqual(0, await stream.ReadAsync(new byte[1]), "the connection stays open after a refusal");
        return Reason.Of(reason);
    }
}
