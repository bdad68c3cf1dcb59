using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Clustering;
using Millrace.Connectors.Collect;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Network.Exchange;
using Millrace.Programs;

namespace Millrace.InProcess;

/// <summary>Real silos, a real job, each way between them.</summary>
[TestClass]
public sealed class JobsOverEveryTransportTests
{
    private const int Records = 300_000;
    private const int Keys = 1_000;

    [TestMethod]
    [DataRow("Tcp", false)]
    [DataRow("Tcp", true)]
    [DataRow("GrainCalls", false)]
    [DataRow("GrainCalls", true)]
    public async Task A_keyed_job_on_two_silos_counts_every_record_once(string transport, bool tls)
    {
        using TemporaryDirectory files = new();
        MiniClusterOptions options = new() { Silos = 2, SlotsPerSilo = 1 };
        options.Settings["Millrace:Exchange:Transport"] = transport;
        if (tls)
        {
            Encrypt(options, files);
        }

        await using MiniCluster cluster = await MiniCluster.StartAsync(options);
        JobHandle job = await cluster.SubmitAsync<CountJob>([], parallelism: 2);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        (long Key, long Count)[] counted =
            [.. result.Collected<Keyed<long, long>>("counts").Select(one => (one.Key, one.Value)).Order()];
        CollectionAssert.AreEqual(
            Enumerable.Range(0, Keys).Select(key => ((long)key, (long)Records / Keys)).ToArray(), counted);
        foreach (MiniSilo silo in cluster.Silos)
        {
            var exchange = (ConnectionExchange)silo.Services.GetRequiredService<IExchange>();
            Assert.IsGreaterThan(0, exchange.Connections, $"{silo.Name} sent and received nothing");
        }
    }

    [TestMethod]
    public async Task A_certificate_that_is_not_there_stops_the_silo_by_the_name_of_the_setting()
    {
        MiniClusterOptions options = new();
        options.Settings["Millrace:Exchange:Tls:Enabled"] = "true";
        options.Settings["Millrace:Exchange:Tls:CertificatePath"] = "/nowhere/silo.pfx";

        var error = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => MiniCluster.StartAsync(options));

        Assert.Contains("Millrace:Exchange:Tls:CertificatePath is '/nowhere/silo.pfx'", error.Message);
    }

    [TestMethod]
    public async Task Settings_of_the_exchange_that_contradict_each_other_stop_the_silo()
    {
        MiniClusterOptions options = new();
        options.Settings["Millrace:Exchange:HeartbeatInterval"] = "00:00:10";

        var error = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => MiniCluster.StartAsync(options));

        Assert.Contains("Millrace:Exchange:HeartbeatTimeout is 00:00:05", error.Message);
    }

    private static void Encrypt(MiniClusterOptions options, TemporaryDirectory files)
    {
        using TestAuthority authority = new();
        using X509Certificate2 silo = authority.Issue("silo");
        string certificate = Path.Combine(files.Path, "silo.pfx");
        File.WriteAllBytes(certificate, silo.Export(X509ContentType.Pkcs12, "secret"));
        string trusted = Path.Combine(files.Path, "ca.pem");
        File.WriteAllText(trusted, authority.Pem);
        options.Settings["Millrace:Exchange:Tls:Enabled"] = "true";
        options.Settings["Millrace:Exchange:Tls:CertificatePath"] = certificate;
        options.Settings["Millrace:Exchange:Tls:Password"] = "secret";
        options.Settings["Millrace:Exchange:Tls:TrustedCertificatesPath"] = trusted;
    }

    internal sealed class CountJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetBatchExchange(ExchangeKind.Pipelined)
                .FromSource(NumberSequence.Source(1, Records))
                .KeyBy(static number => number % Keys)
                .Count()
                .SinkTo(new CollectSink<Keyed<long, long>>("counts"));
    }
}
