using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Two silos that do not trust each other, or of which only one speaks TLS: both say so, at once.</summary>
[TestClass]
public sealed class TlsTransportTests : IDisposable
{
    private readonly TlsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public async Task Silos_with_the_same_certificate_trust_each_other_without_a_CA()
    {
        using X509Certificate2 shared = _files.Authority.Issue("shared");
        await AssertConnectedAsync(Same(shared), Same(shared));
    }

    [TestMethod]
    public async Task A_PFX_file_with_a_password_serves_as_well()
    {
        using X509Certificate2 shared = _files.Authority.Issue("shared");
        TlsIdentityFiles files = TlsFiles.Of(new ExchangeTlsOptions
        {
            CertificatePath = _files.Pfx(shared, "open sesame"),
            Password = "open sesame",
        });
        await AssertConnectedAsync(files.Read(), Same(shared));
    }

    // Only then nobody on the way reads or changes records.
    [TestMethod]
    public async Task Nothing_that_is_sent_can_be_read_on_the_way()
    {
        RecordingTransport wire = new(new SocketTransport());
        await using TestSilo from = new("S1", transport: new TlsTransport(wire, _files.Signed("S1").Read()));
        await using TestSilo to = new("S2", transport: new TlsTransport(wire, _files.Signed("S2").Read()));
        using TestEnds<string> ends = new(from, to);
        await ends.ConnectAsync();
        ends.Output.Emit("attack at dawn");
        ends.Output.FlushPartial();
        using var batch = new Held<string>(await ends.TakeAsync());

        CollectionAssert.AreEqual(new[] { "attack at dawn" }, batch.Records);
        Assert.IsGreaterThan(1_000, wire.Written.Length);
        Assert.IsLessThan(0, wire.Written.IndexOf("attack at dawn"u8), "the record is on the wire as it is");
        Assert.IsLessThan(0, wire.Written.IndexOf("MILLRACE"u8), "the hello is on the wire as it is");
    }

    [TestMethod]
    public async Task Another_certificate_is_not_trusted_when_no_CA_is_named()
    {
        using X509Certificate2 one = _files.Authority.Issue("one");
        using X509Certificate2 other = _files.Authority.Issue("other");
        await AssertRefusedAsync(
            Same(one), Same(other), "'CN=other' is not the one of this silo, 'CN=one'", "'CN=one'");
    }

    [TestMethod]
    public async Task A_certificate_of_an_unknown_CA_is_not_trusted()
    {
        using TlsFiles strangers = new();
        await AssertRefusedAsync(
            _files.Signed("S1").Read(),
            strangers.Signed("S2").Read(),
            "'CN=S2' is not trusted by Millrace:Exchange:Tls:TrustedCertificatesPath",
            "'CN=S1' is not trusted by Millrace:Exchange:Tls:TrustedCertificatesPath");
    }

    // The silo that connects is refused by the one that listens, after it has been content itself.
    [TestMethod]
    public async Task One_that_is_content_learns_that_the_other_is_not()
    {
        using TlsFiles strangers = new();
        using X509Certificate2 mine = strangers.Authority.Issue("S1");
        TlsIdentity trusting = TlsFiles.Of(new ExchangeTlsOptions
        {
            CertificatePath = strangers.Pem(mine),
            TrustedCertificatesPath = strangers.Write(
                "both.pem", strangers.Authority.Pem + "\n" + _files.Authority.Pem),
        }).Read();
        await AssertRefusedAsync(trusting, _files.Signed("S2").Read(), "'CN=S1'", "'CN=S1' is not trusted");
    }

    [TestMethod]
    public async Task An_expired_certificate_is_not_trusted()
    {
        using X509Certificate2 expired = _files.Authority.Issue("S2", firstDay: -10, lastDay: -1);
        TlsIdentity stale = new(expired, [], [], TimeProvider.System);
        await AssertRefusedAsync(_files.Signed("S1").Read(), stale, "'CN=S2' expired at", null);
    }

    [TestMethod]
    public async Task A_silo_with_TLS_says_that_the_other_one_has_none()
    {
        CollectedLog log = new();
        await using TestSilo from = new(
            "S1", transport: new TlsTransport(new SocketTransport(), _files.Signed("S1").Read()));
        await using TestSilo to = new("S2", logger: log);
        using TestChannels channels = new(from, to);

        var error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(channels.ConnectAsync);

        StringAssert.Contains(error.Message, to.EndPoint.ToString());
        StringAssert.Contains(error.Message, "Millrace:Exchange:Tls:Enabled is true here, and not there");
        await Eventually.HoldsAsync(
            "the other one says it too",
            () => log.Has("Millrace:Exchange:Tls:Enabled is true there, and not here"),
            log.ToString);
    }

    [TestMethod]
    public async Task A_silo_without_TLS_says_that_the_other_one_has_it()
    {
        CollectedLog log = new();
        await using TestSilo from = new("S1");
        await using TestSilo to = new(
            "S2", logger: log, transport: new TlsTransport(new SocketTransport(), _files.Signed("S2").Read()));
        using TestChannels channels = new(from, to);

        var error = await Assert.ThrowsExactlyAsync<ExchangeRefusedException>(channels.ConnectAsync);

        StringAssert.Contains(error.Message, to.EndPoint.ToString());
        StringAssert.Contains(error.Message, "Millrace:Exchange:Tls:Enabled is true there, and not here");
        await Eventually.HoldsAsync(
            "the other one says it too",
            () => log.Has("Millrace:Exchange:Tls:Enabled is true here, and not there"),
            log.ToString);
    }

    // Neither a listener nor one that connects may hold the other for ever by saying nothing.
    [TestMethod]
    public async Task One_that_says_nothing_is_given_up_and_keeps_nobody_from_connecting()
    {
        ExchangeOptions quick = new() { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        await using TestSilo from = new(
            "S1", exchange: quick, transport: new TlsTransport(new SocketTransport(), _files.Signed("S1").Read()));
        await using TestSilo to = new(
            "S2", exchange: quick, transport: new TlsTransport(new SocketTransport(), _files.Signed("S2").Read()));
        using TcpClient mute = new();
        await mute.ConnectAsync(to.EndPoint);
        await Eventually.EqualsAsync(1, () => to.Exchange.Connections, "the mute one");
        Assert.AreEqual(0, await mute.GetStream().ReadAsync(new byte[1]));

        using TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using TestChannels nowhere = new(from, to, at: listener.LocalEndpoint);
        var error = await Assert.ThrowsExactlyAsync<SiloConnectionLostException>(nowhere.ConnectAsync);
        StringAssert.Contains(error.Message, "did not answer within");
    }

    // A certificate is cut off anywhere in the handshake, or in the first bytes after it.
    [TestMethod]
    public async Task A_connection_cut_at_any_byte_of_the_handshake_fails_without_a_hang()
    {
        FaultyTransport cut = new(new SocketTransport());
        await using TestSilo from = new("S1", transport: new TlsTransport(cut, _files.Signed("S1").Read()));
        await using TestSilo to = new("S2", transport: new TlsTransport(cut, _files.Signed("S2").Read()));
        for (int bytes = 0; bytes < 3_000; bytes += 119)
        {
            using TestChannels channels = new(from, to);
            cut.CutAfter(bytes);
            await Assert.ThrowsAsync<Failures.StreamingException>(async () =>
            {
                await channels.ConnectAsync();
                await cut.CutAllAsync();
                await channels.Producers[0].UntilAsync("the producer is told", () => !channels.Out.IsAvailable);
            });
        }

        await Eventually.EqualsAsync(0, () => cut.Open, "connections");
        await Eventually.EqualsAsync(0, () => to.Exchange.Buffers.Outstanding, "buffers");
    }

    private TlsIdentity Same(X509Certificate2 certificate) =>
        TlsFiles.Of(new ExchangeTlsOptions { CertificatePath = _files.Pem(certificate) }).Read();

    private static async Task AssertConnectedAsync(TlsIdentity one, TlsIdentity other)
    {
        await using TestSilo from = new("S1", transport: new TlsTransport(new SocketTransport(), one));
        await using TestSilo to = new("S2", transport: new TlsTransport(new SocketTransport(), other));
        using TestChannels channels = new(from, to);
        await channels.ConnectAsync();
        channels.Out.Emit(42);
        channels.Out.FlushPartial();
        CollectionAssert.AreEqual(new long[] { 42 }, (await channels.TakeBatchAsync()).Records);
    }

    private static async Task AssertRefusedAsync(TlsIdentity one, TlsIdentity other, string connects, string? listens)
    {
        CollectedLog log = new();
        await using TestSilo from = new("S1", transport: new TlsTransport(new SocketTransport(), one));
        await using TestSilo to = new("S2", logger: log, transport: new TlsTransport(new SocketTransport(), other));
        using TestChannels channels = new(from, to);

        var error = await Assert.ThrowsAsync<Failures.StreamingException>(channels.ConnectAsync);

        StringAssert.Contains(error.Message, to.EndPoint.ToString());
        StringAssert.Contains(error.Message, connects);
        if (listens is not null)
        {
            await Eventually.HoldsAsync("the silo that listens says why", () => log.Has(listens), log.ToString);
        }
    }
}
