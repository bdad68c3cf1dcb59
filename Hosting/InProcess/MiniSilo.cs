using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Millrace.InProcess;

/// <summary>One silo of a cluster inside the process.</summary>
public sealed class MiniSilo
{
    private readonly IHost _host;
    private bool _hasStopped;

    private MiniSilo(IHost host, SiloOptions options)
    {
        _host = host;
        Name = options.Name;
    }

    private SiloDescription Description => SiloDescription.Of(Services);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its task slots.</summary>
    public int Slots => Description.Slots;

    /// <summary>Its Orleans address with generation.</summary>
    public string Address => Description.Address;

    /// <summary>Calls grains, from inside this silo.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>The singletons of the silo.</summary>
    internal IServiceProvider Services => _host.Services;

    internal static async Task<MiniSilo> StartAsync(
        SiloOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddConfiguration(options.Configuration);
        builder.Services.AddSingleton(loggers);

        // The process belongs to the program: its signals are not for the silo.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleans(silo => silo.AddMillraceSilo(options));
        var silo = new MiniSilo(builder.Build(), options);
        try
        {
            await silo._host.StartAsync(cancellationToken);
            return silo;
        }
        catch
        {
            await silo.StopHalfStartedAsync();
            throw;
        }
    }

    /// <param name="cancellationToken">Stops without grace; canceled from the start, it is as if the process had died,
    /// as far as that is possible inside one.</param>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_hasStopped)
        {
            return;
        }

        _hasStopped = true;
        try
        {
            await _host.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            await ((IAsyncDisposable)_host).DisposeAsync();
        }
    }

    // Why it did not start counts; a host that has none of its services yet does not stop properly.
    private async Task StopHalfStartedAsync()
    {
        try
        {
            await StopAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // As said: the error before this one is thrown.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>The host lives as long as it is not stopped.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
