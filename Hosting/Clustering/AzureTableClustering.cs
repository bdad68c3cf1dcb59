#if AZURE_TABLE_CLUSTERING
using Azure.Data.Tables;
#endif

namespace Millrace.Clustering;

/// <summary>Everything that needs the package Microsoft.Orleans.Clustering.AzureStorage, in one place.</summary>
internal static class AzureTableClustering
{
#if AZURE_TABLE_CLUSTERING
    public static void CheckBuild(List<string> failures)
    {
        // The package is in this build.
    }

    public static void Use(ISiloBuilder silo, string connectionString) =>
        silo.UseAzureStorageClustering(
            options => options.TableServiceClient = new TableServiceClient(connectionString));

    public static void Use(IClientBuilder client, string connectionString) =>
        client.UseAzureStorageClustering(
            options => options.TableServiceClient = new TableServiceClient(connectionString));
#else
    private const string Missing = "Provider AzureStorage is not in this build, because the package "
        + "Microsoft.Orleans.Clustering.AzureStorage was not to be had. Build with -p:AzureTableClustering=true where "
        + "it restores, or choose another provider";

    public static void CheckBuild(List<string> failures) =>
        failures.Add($"{Missing}: {ClusteringValidation.Supported}.");

    public static void Use(ISiloBuilder silo, string connectionString) =>
        throw new NotSupportedException(Missing + ".");

    public static void Use(IClientBuilder client, string connectionString) =>
        throw new NotSupportedException(Missing + ".");
#endif
}
