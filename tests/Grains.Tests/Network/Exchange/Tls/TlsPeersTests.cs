using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Whoever stops, breaks off or does not speak TLS is found within a bound, and it is said what he
/// did.</summary>
[TestClass]
public sealed class TlsPeersTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly TlsFiles _files = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly CollectedLog _log = new();

    public void Dispose() => _files.Dispose();

    // Within the header of the first record, right behind it, and within what it holds.
    [TestMethod]
    public async Task A_handshake_that_stops_anywhere_is_given_up_in_the_time_for_connecting()
    {
        byte[] hello = await ClientHelloAsync();
        await using TestSilo silo = Listener();
        foreach (int bytes in new[] { 1, 3, 5, 6, hello.Length / 2, hello.Length - 1 })
        {
            using TcpClient client = new(AddressFamily.InterNetwork);
            await client.ConnectAsync(silo.EndPoint);
            await client.GetStream().WriteAsync(hello.AsMemory(0, bytes));
            await Eventually.EqualsAsync(1, () => silo.Exchange.Connections, $"connections, {bytes} bytes of a hello");

            await AssertGivenUpAsync(silo, client, client.GetStream(), static () => Task.CompletedTask);
        }
    }

    // Each byte is a sign of life, and there is never an end.
    [TestMethod]
    public async Task A_handshake_that_comes_byte_by_byte_is_given_up_in_the_time_for_connecting()
    {
        byte[] hello = await ClientHelloAsync();
        await using TestSilo silo = Listener();
        using TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(silo.EndPoint);
        await Eventually.EqualsAsync(1, () => silo.Exchange.Connections, "connections");
        int sent = 0;

        await AssertGivenUpAsync(silo, client, client.GetStream(), async () =>
        {
            Assert.IsLessThan(hello.Length, sent, "the whole hello was taken, a byte in each 100 ms");
            await client.GetStream().WriteAsync(hello.AsMemory(sent++, 1));
        });
    }

    [TestMethod]
    public async Task One_that_sets_TLS_up_and_says_nothing_then_is_given_up_in_the_time_for_connecting()
    {
        await using TestSilo silo = Listener();
        using TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(silo.EndPoint);
        await using SslStream tls = new(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            _files.Signed("S1").Read().ForClient(static (_, shown, _, _) => shown is not null));

        await AssertGivenUpAsync(silo, client, tls, static () => Task.CompletedTask);
    }

    [TestMethod]
    public async Task One_that_speaks_plain_text_is_told_so_at_once()
    {
        await using TestSilo silo = Listener();
        using TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(silo.EndPoint);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: silo\r\n\r\n"));

        byte[] answer = new byte[TlsRecord.Refusal.Length];
        await stream.ReadExactlyAsync(answer);

        CollectionAssert.AreEqual(TlsRecord.Refusal.ToArray(), answer, "an alert");
        await Eventually.HoldsAsync(
            "the log says it",
            () => _log.Has($"{client.Client.LocalEndPoint} does not speak TLS: "
                + "Millrace:Exchange:Tls:Enabled is true here, and not there"),
            _log.ToString);
        await Eventually.EqualsAsync(0, () => silo.Exchange.Connections, "connections");
    }

    // No packet comes any more, and nobody says so: a machine without power, a cable that is out.
    [TestMethod]
    public async Task A_silo_that_falls_silent_is_lost_after_the_timeout_of_heartbeats()
    {
        FaultyTransport wire = new(new SocketTransport());
        await using TestSilo from = Silo("S1", wire);
        await using TestSilo to = Silo("S2", wire);
        using TestChannels channels = new(from, to);
        await channels.ConnectAsync();
        await AssertPassesAsync(channels);

        wire.IsSilent = true;

        string producer = await LostAsync(() => channels.Out.IsAvailable, Step);
        string consumer = await LostAsync(() => channels.Gate.TryTake(out _, out _), Step);
        StringAssert.Contains(producer, $"S2 at {to.EndPoint}");
        StringAssert.Contains(producer, "no sign of life for 5 s");
        StringAssert.Contains(consumer, "no sign of life for 5 s");
    }

    [TestMethod]
    public async Task A_silo_that_ends_one_direction_is_lost_at_once()
    {
        await using Relayed way = await PassingAsync();

        way.Relay.EndWayThere();

        StringAssert.Contains(await LostAsync(() => way.Channels.Gate.TryTake(out _, out _)), "S1");
        StringAssert.Contains(await LostAsync(() => way.Channels.Out.IsAvailable), way.Relay.EndPoint.ToString());
    }

    [TestMethod]
    public async Task A_connection_that_is_reset_is_lost_at_once()
    {
        await using Relayed way = await PassingAsync();

        way.Relay.Reset();

        StringAssert.Contains(await LostAsync(() => way.Channels.Out.IsAvailable), way.Relay.EndPoint.ToString());
        StringAssert.Contains(await LostAsync(() => way.Channels.Gate.TryTake(out _, out _)), "S1");
    }

    // What was changed on the way is not what the other silo has sent: nothing of it is taken.
    [TestMethod]
    public async Task A_bit_changed_on_the_way_loses_the_connection_and_no_record_is_changed()
    {
        await using Relayed way = await PassingAsync();

        way.Relay.ChangeABit();
        way.Channels.Out.Emit(7);
        way.Channels.Out.FlushPartial();

        StringAssert.Contains(await LostAsync(() => way.Channels.Gate.TryTake(out _, out _)), "S1");
        await LostAsync(() => way.Channels.Out.IsAvailable);
    }

    /// <summary>Two silos by way of a relay, which a record has passed.</summary>
    private async Task<Relayed> PassingAsync()
    {
        Relayed way = new(Silo("S1", new SocketTransport()), Silo("S2", new SocketTransport()));
        try
        {
            await way.Channels.ConnectAsync();
            await AssertPassesAsync(way.Channels);
            return way;
        }
        catch
        {
            await way.DisposeAsync();
            throw;
        }
    }

    private static async Task AssertPassesAsync(TestChannels channels)
    {
        channels.Out.Emit(42);
        channels.Out.FlushPartial();
        CollectionAssert.AreEqual(new long[] { 42 }, (await channels.TakeBatchAsync()).Records);
    }

    private TestSilo Silo(string name, ITransport wire) =>
        new(name, transport: new TlsTransport(wire, _files.Signed(name).Read()), time: _time);

    private TestSilo Listener() => new(
        "S2",
        transport: new TlsTransport(new SocketTransport(), _files.Signed("S2").Read()),
        logger: _log,
        time: _time);

    // The clock goes on until the silo hangs up; for longer than it may, the test waits in vain.
    private async Task AssertGivenUpAsync(TestSilo silo, TcpClient client, Stream stream, Func<Task> meanwhile)
    {
        TimeSpan limit = silo.Exchange.Options.ConnectTimeout;
        Task<int> reading = ReadAsync(stream);
        for (TimeSpan waited = TimeSpan.Zero; silo.Exchange.Connections > 0 && waited < limit; waited += Step)
        {
            try
            {
                await meanwhile();
            }
            catch (IOException)
            {
                // It has hung up.
                break;
            }

            _time.Advance(Step);
            await Task.Yield();
        }

        // What began after the clock went on first may have a step or two left.
        await Eventually.HoldsAsync(
            "it is given up",
            () =>
            {
                _time.Advance(Step);
                return reading.IsCompleted && silo.Exchange.Connections == 0;
            },
            _log.ToString);
        Assert.AreEqual(0, await reading);
        string said =
            $"{client.Client.LocalEndPoint}: the connection has ended: it did not prove within {limit} who it is";
        Assert.IsTrue(_log.Has(said), _log.ToString());
    }

    private static async Task<int> ReadAsync(Stream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    // Without steps the clock stands still: nothing is lost for want of heartbeats.
    private async Task<string> LostAsync(Func<bool> asked, TimeSpan step = default)
    {
        string? lost = null;
        await Eventually.HoldsAsync("the other silo is lost", () =>
        {
            try
            {
                _time.Advance(step);
                asked();
            }
            catch (SiloConnectionLostException exception)
            {
                lost = exception.Message;
            }

            return lost is not null;
        });
        return lost!;
    }

    // The first record that a silo sends which connects.
    private async Task<byte[]> ClientHelloAsync()
    {
        RecordingTransport wire = new(new SocketTransport());
        await using TestSilo from = Silo("S1", wire);
        await using TestSilo to = Silo("S2", new SocketTransport());
        using TestChannels channels = new(from, to);
        await channels.ConnectAsync();
        ReadOnlySpan<byte> written = wire.Written;
        Assert.IsTrue(TlsRecord.Begins(written));
        return written[..(5 + BinaryPrimitives.ReadUInt16BigEndian(written[3..]))].ToArray();
    }

    private sealed class Relayed(TestSilo from, TestSilo to) : IAsyncDisposable
    {
        private TestChannels? _channels;

        public Relay Relay { get; } = new(to.EndPoint);

        public TestChannels Channels => _channels ??= new TestChannels(from, to, at: Relay.EndPoint);

        public async ValueTask DisposeAsync()
        {
            _channels?.Dispose();
            await Relay.DisposeAsync();
            await to.DisposeAsync();
            await from.DisposeAsync();
        }
    }
}
