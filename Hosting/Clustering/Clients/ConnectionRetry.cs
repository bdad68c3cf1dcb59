using Orleans.Messaging;

namespace Millrace.Clustering.Clients;

/// <summary>Tries to connect until the connect timeout, then says clearly what was tried.</summary>
/// <remarks>Settings that no retry can mend (a damaged or foreign membership file, a bad connection string) surface
/// at once.</remarks>
internal sealed class ConnectionRetry(
    ClusteringOptions clustering, MillraceClientOptions patience, IGatewayListProvider gateways, TimeProvider time)
    : IClientConnectionRetryFilter
{
    private readonly long _start = time.GetTimestamp();
    private int _failed;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is InvalidDataException or InvalidOperationException or ArgumentException
            or NotSupportedException)
        {
            return false;
        }

        _failed++;
        if (time.GetElapsedTime(_start) + patience.RetryDelay >= patience.ConnectTimeout)
        {
            throw await UnreachableAsync(exception, cancellationToken);
        }

        await Task.Delay(patience.RetryDelay, time, cancellationToken);
        return true;
    }

    /// <summary>The error for when the time is up.</summary>
    public async Task<ClusterUnreachableException> UnreachableAsync(
        Exception? last, CancellationToken cancellationToken)
    {
        string reason = last is null ? "" : $" Last error: {last.Message}";
        return new ClusterUnreachableException(
            $"No silo of {clustering} answered within {patience.ConnectTimeout}, in {Math.Max(1, _failed)} attempts; "
            + $"{await FoundAsync(cancellationToken)}.{reason}",
            last);
    }

    private async Task<string> FoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            IList<Uri> found = await gateways.GetGatewaysAsync(cancellationToken);
            return found.Count == 0
                ? "its membership lists no active silo"
                : $"tried the gateways {string.Join(", ", found.Select(gateway => gateway.Authority))}";
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException)
        {
            return $"its membership could not be read ({unreadable.Message})";
        }
    }
}
