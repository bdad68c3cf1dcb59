using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Batches;
using Millrace.Execution;
using Millrace.Network.Exchange;
using Millrace.Serialization;

namespace Millrace.Network;

/// <summary>The data plane of one silo; several of them in a test's process.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly SystemExecution _execution;

    public TestSilo(
        string name = "S1", NetworkOptions? network = null, ExchangeOptions? exchange = null,
        ITransport? transport = null, ILogger<ConnectionExchange>? logger = null, string cluster = "test",
        TimeProvider? time = null)
    {
        Name = name;
        _execution = new SystemExecution(
            new WorkerOptions { Threads = 1 }, transport ?? new SocketTransport(), time ?? TimeProvider.System);
        Exchange = new ConnectionExchange(
            _execution,
            exchange ?? new ExchangeOptions(),
            new ExchangeIdentity(cluster, name),
            logger ?? NullLogger<ConnectionExchange>.Instance);
        Network = new NetworkEnvironment(_execution, network ?? new NetworkOptions(), Exchange);
    }

    public string Name { get; }

    public ConnectionExchange Exchange { get; }

    public NetworkEnvironment Network { get; }

    public BatchAccount Batches { get; } = new();

    public SerializerSet Serializers { get; } = new();

    /// <summary>Of its sockets.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)Exchange.EndPoint;

    public async ValueTask DisposeAsync()
    {
        await Exchange.DisposeAsync();
        _execution.Dispose();
    }
}
