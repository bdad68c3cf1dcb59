using Millrace.Connectors;
using Millrace.Failures;

namespace Millrace.Jobs.Coordination;

/// <summary>What one sink has still to commit, from try to try.</summary>
internal sealed class OpenCommits
{
    private List<CommitRequest>? _open;

    /// <summary>Commits what is left; at the first try, all of it.</summary>
    /// <exception cref="CommitIncompleteException">Something is still left, or can never be committed.</exception>
    public async ValueTask CommitAsync(
        ISinkCommitter committer, IReadOnlyList<byte[]> all, CancellationToken cancellationToken)
    {
        List<CommitRequest> requests = _open ?? [.. all.Select(committable => new CommitRequest(committable))];
        if (_open is { Count: 0 })
        {
            return;
        }

        await committer.CommitAsync(requests, cancellationToken);
        _open =
        [
            .. requests
                .Where(request => request.Result != CommitResult.Committed)
                .Select(request => new CommitRequest(request.Committable, request.Retries + 1)),
        ];
        if (requests.Find(request => request.Result == CommitResult.Refused) is { } refused)
        {
            throw new CommitIncompleteException(
                $"{_open.Count} of {requests.Count} results cannot be committed: {refused.Reason}", Recovery.Fail);
        }

        if (requests.Find(request => request.Result == CommitResult.RetryLater) is { } waiting)
        {
            throw new CommitIncompleteException(
                $"{_open.Count} of {requests.Count} results are not committed yet: {waiting.Reason}",
                Recovery.Restart);
        }
    }
}
