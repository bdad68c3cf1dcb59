using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Clustering.Clients;
using Millrace.Clustering.Endpoints;
using Millrace.Clustering.Files;
using Orleans.Configuration;
using Orleans.Messaging;
using StackExchange.Redis;

namespace Millrace.Clustering;

/// <summary>Makes silos and clients members of a cluster. There is no other way in.</summary>
public static class ClusteringExtensions
{
    /// <summary>Makes the silo a member of the cluster that <paramref name="options"/> name, with the settings that
    /// every
    /// silo of Millrace has.</summary>
    /// <remarks>With provider InProcess a silo that must stop no longer ends the process; see
    /// <see cref="StopOnFatalError"/>.</remarks>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work.</exception>
    public static ISiloBuilder UseMillraceClustering(this ISiloBuilder silo, ClusteringOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        ClusteringValidation.ThrowIfInvalid(options);
        silo.Configure<ClusterOptions>(cluster => Name(cluster, options));
        MembershipSettings.Apply(silo, options);
        switch (options.Provider)
        {
            case ClusteringProvider.InProcess:
                silo.Services.AddSingleton<IMembershipTable>(options.InProcess!);
                silo.StopOnFatalError();
                break;
            case ClusteringProvider.File:
                silo.Services.AddSingleton<IMembershipTable>(services => new FileMembershipTable(
                    DirectoryOf(options, services),
                    services.GetRequiredService<ILogger<FileMembershipTable>>()));
                break;
            case ClusteringProvider.AzureStorage:
                AzureTableClustering.Use(silo, options.ConnectionString!);
                break;
            case ClusteringProvider.Redis:
                silo.UseRedisClustering(redis =>
                    redis.ConfigurationOptions = ConfigurationOptions.Parse(options.ConnectionString!));
                break;
            case ClusteringProvider.AdoNet:
                silo.UseAdoNetClustering(database =>
                    (database.Invariant, database.ConnectionString) = (options.Invariant!, options.ConnectionString!));
                break;
            case ClusteringProvider.AzureBlob:
            default:
                throw new NotSupportedException($"Provider {options.Provider}; {ClusteringValidation.Supported}.");
        }

        return silo;
    }

    /// <summary>Lets the client find the silos of the cluster that <paramref name="options"/> name.</summary>
    /// <param name="client">The client to set up.</param>
    /// <param name="options">The cluster; the same settings as its silos have.</param>
    /// <param name="patience">Timeouts and retries; the defaults when null.</param>
    /// <remarks>Starting the client fails with <see cref="ClusterUnreachableException"/> when no silo
    /// answers.</remarks>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work.</exception>
    public static IClientBuilder UseMillraceClustering(
        this IClientBuilder client, ClusteringOptions options, MillraceClientOptions? patience = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ClusteringValidation.ThrowIfInvalid(options);
        client.Configure<ClusterOptions>(cluster => Name(cluster, options));
        ClientSettings.Apply(client, options, patience ?? new MillraceClientOptions());
        switch (options.Provider)
        {
            case ClusteringProvider.InProcess:
                client.Services.AddSingleton<IGatewayListProvider>(options.InProcess!);
                break;
            case ClusteringProvider.File:
                client.Services.AddSingleton<IGatewayListProvider>(services =>
                    new FileGatewayListProvider(DirectoryOf(options, services)));
                break;
            case ClusteringProvider.AzureStorage:
                AzureTableClustering.Use(client, options.ConnectionString!);
                break;
            case ClusteringProvider.Redis:
                client.UseRedisClustering(redis =>
                    redis.ConfigurationOptions = ConfigurationOptions.Parse(options.ConnectionString!));
                break;
            case ClusteringProvider.AdoNet:
                client.UseAdoNetClustering(database =>
                    (database.Invariant, database.ConnectionString) = (options.Invariant!, options.ConnectionString!));
                break;
            case ClusteringProvider.AzureBlob:
            default:
                throw new NotSupportedException($"Provider {options.Provider}; {ClusteringValidation.Supported}.");
        }

        return client;
    }

    /// <summary>Says where the silo listens; ports left at 0 are chosen now and kept for it until it listens.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work.</exception>
    public static ISiloBuilder UseMillraceEndpoints(this ISiloBuilder silo, SiloEndpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        SiloEndpoints.Use(silo, options);
        return silo;
    }

    /// <summary>For silos that share their process: one that must not go on stops its own host, and not the
    /// process.</summary>
    public static ISiloBuilder StopOnFatalError(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.RemoveAll<IFatalErrorHandler>();
        silo.Services.AddSingleton<IFatalErrorHandler, StopSiloOnFatalError>();
        return silo;
    }

    private static void Name(ClusterOptions cluster, ClusteringOptions options)
    {
        cluster.ClusterId = options.ClusterId;
        cluster.ServiceId = options.ServiceId;
    }

    private static MembershipDirectory DirectoryOf(ClusteringOptions options, IServiceProvider services) => new(
        options.Directory!,
        options.ClusterId,
        options.LockTimeout,
        services.GetService<TimeProvider>() ?? TimeProvider.System);
}
