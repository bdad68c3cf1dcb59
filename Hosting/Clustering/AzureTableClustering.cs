using Azure.Data.Tables;

namespace Millrace.Clustering;

/// <summary>Membership in Azure Table Storage, by the Orleans package.</summary>
internal static class AzureTableClustering
{
    /// <summary>Adds a failure when the connection string is none.</summary>
    public static void Check(string? connectionString, string key, List<string> failures)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return;
        }

        try
        {
            _ = new TableServiceClient(connectionString);
        }
        catch (FormatException exception)
        {
            // The text itself is not repeated: it holds a secret.
            failures.Add($"{key} is no connection string of Azure Storage: {exception.Message}");
        }
    }

    public static void Use(ISiloBuilder silo, string connectionString) =>
        silo.UseAzureStorageClustering(
            options => options.TableServiceClient = new TableServiceClient(connectionString));

    public static void Use(IClientBuilder client, string connectionString) =>
        client.UseAzureStorageClustering(
            options => options.TableServiceClient = new TableServiceClient(connectionString));
}
