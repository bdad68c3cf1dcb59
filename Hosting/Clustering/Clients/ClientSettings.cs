using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Millrace.Clustering.Clients;

/// <summary>The Orleans settings of every client, whatever the provider. Nothing else sets them.</summary>
internal static class ClientSettings
{
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(2);

    public static void Apply(IClientBuilder client, ClusteringOptions clustering, MillraceClientOptions patience)
    {
        patience.ThrowIfInvalid();
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = patience.CallTimeout);
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = patience.GatewayRefresh);
        client.Configure<ConnectionOptions>(options =>
        {
            // One gateway that swallows packets must not use up the time in which another would have answered.
            options.OpenConnectionTimeout =
                patience.ConnectTimeout < LongestOpening ? patience.ConnectTimeout : LongestOpening;
            options.ConnectionRetryDelay = patience.RetryDelay;
        });
        client.Services.AddSingleton<IClientConnectionRetryFilter>(services => new ConnectionRetry(
            clustering,
            patience,
            services.GetRequiredService<IGatewayListProvider>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}
