using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Millrace.Clustering.Clients;

/// <summary>A connection to a cluster from outside it.</summary>
public sealed class MillraceClient : IAsyncDisposable
{
    /// <summary>For what Orleans does beside waiting for gateways, which has timeouts of its own.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly IHost _host;

    private MillraceClient(IHost host)
    {
        _host = host;
        Cluster = host.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>Calls grains.</summary>
    public IClusterClient Cluster { get; }

    /// <summary>Connects.</summary>
    /// <param name="clustering">The cluster.</param>
    /// <param name="patience">Timeouts and retries; the defaults when null.</param>
    /// <param name="loggers">Where Orleans' client logs go; nowhere when null.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> gave up.</exception>
    /// <exception cref="ClusterUnreachableException">No silo answered within the connect timeout.</exception>
    /// <exception cref="InvalidDataException">The membership file is damaged or of another cluster.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work.</exception>
    public static async Task<MillraceClient> ConnectAsync(
        ClusteringOptions clustering,
        MillraceClientOptions? patience = null,
        ILoggerFactory? loggers = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clustering);
        patience ??= new MillraceClientOptions();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        if (loggers is not null)
        {
            builder.Services.AddSingleton(loggers);
        }

        builder.UseOrleansClient(client => client.UseMillraceClustering(clustering, patience));
        IHost host = builder.Build();
        try
        {
            await StartAsync(host, clustering, patience, cancellationToken);
            return new MillraceClient(host);
        }
        catch
        {
            await DisposeAsync(host);
            throw;
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _host.StopAsync();
        }
        finally
        {
            await DisposeAsync(_host);
        }
    }

    private static async Task StartAsync(
        IHost host,
        ClusteringOptions clustering,
        MillraceClientOptions patience,
        CancellationToken cancellationToken)
    {
        TimeProvider time = host.Services.GetService<TimeProvider>() ?? TimeProvider.System;
        using var timeout = new CancellationTokenSource(patience.ConnectTimeout + Slack, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await host.StartAsync(either.Token);
        }
        catch (Exception last) when (cancellationToken.IsCancellationRequested)
        {
            // An attempt that fails as the caller gives up is reported by Orleans with that attempt's own error.
            throw new OperationCanceledException(
                $"Connecting to {clustering} was given up.", last, cancellationToken);
        }
        catch (Exception late) when (
            timeout.IsCancellationRequested && late is (OperationCanceledException or SiloUnavailableException))
        {
            var retry = (ConnectionRetry)host.Services.GetRequiredService<IClientConnectionRetryFilter>();
            throw await retry.UnreachableAsync(late, CancellationToken.None);
        }
    }

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
            return;
        }

        host.Dispose();
    }
}
