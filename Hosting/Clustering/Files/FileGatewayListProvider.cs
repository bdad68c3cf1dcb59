using Orleans.Messaging;

namespace Millrace.Clustering.Files;

/// <summary>Where clients find the silos of a cluster whose membership is in a directory.</summary>
internal sealed class FileGatewayListProvider(MembershipDirectory directory) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(1);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <returns>
    /// The gateways of active silos, but those whose process certainly is gone; none when the cluster has never run.
    /// </returns>
    public Task<IList<Uri>> GetGateways()
    {
        try
        {
            return Task.FromResult<IList<Uri>>([.. (directory.TryRead()?.Rows ?? [])
                .Where(row => row.Process?.IsCertainlyGone() != true)
                .Select(row => row.ToGateway())
                .OfType<Uri>()]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Task.FromException<IList<Uri>>(failure);
        }
    }
}
