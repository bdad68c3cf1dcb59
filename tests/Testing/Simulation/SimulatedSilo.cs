using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Network;
using Millrace.Network.Exchange;
using Millrace.Tasks;
using Millrace.UserCode;

namespace Millrace.Simulation;

/// <summary>One silo of a simulated cluster: the real task host, network and exchange on a simulated
/// execution.</summary>
internal sealed class SimulatedSilo : IAsyncDisposable
{
    private readonly ConnectionExchange _exchange;

    public SimulatedSilo(SimulatedExecution simulation, int index, IJobPrograms programs, ITaskReporter reporter)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"silo-{index}");
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{11_000 + index}@1");
        _exchange = new ConnectionExchange(
            simulation,
            new ExchangeOptions { Port = 20_000 + index },
            new ExchangeIdentity("simulated", Address),
            NullLogger<ConnectionExchange>.Instance);
        Host = new TaskHost(
            new TaskHostEnvironment(
                Address,
                Name,
                simulation,
                new NetworkEnvironment(simulation, new NetworkOptions(), _exchange),
                programs,
                reporter,
                new TaskHostOptions()),
            NullLogger<TaskHost>.Instance);
    }

    public string Name { get; }

    public string Address { get; }

    public TaskHost Host { get; }

    public SiloEndpoint Endpoint => new(Address, $"{_exchange.EndPoint}");

    /// <summary>Bytes and batches that are out; zero at rest.</summary>
    public long Outstanding => Host.Batches.Outstanding + _exchange.Buffers.Outstanding;

    public ValueTask DisposeAsync() => _exchange.DisposeAsync();
}
