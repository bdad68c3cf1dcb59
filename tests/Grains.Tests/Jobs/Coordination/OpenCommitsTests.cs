using Millrace.Connectors;
using Millrace.Failures;

namespace Millrace.Jobs.Coordination;

[TestClass]
public sealed class OpenCommitsTests
{
    private readonly OpenCommits _open = new();

    [TestMethod]
    public async Task What_is_to_be_tried_again_comes_alone_and_as_it_was_left()
    {
        var committer = new Scripted(request =>
        {
            if (request.Committable[0] == 2)
            {
                request.RetryLater("the server is busy", updated: [22]);
            }
        });
        CommitIncompleteException failure = await Assert.ThrowsExactlyAsync<CommitIncompleteException>(
            async () => await CommitAsync(committer));
        Assert.AreEqual(Recovery.Restart, failure.Recovery);
        Assert.Contains("1 of 3 results are not committed yet: the server is busy", failure.Message);

        await CommitAsync(committer);
        await CommitAsync(committer);

        CollectionAssert.AreEqual(new[] { "1/0", "2/0", "3/0", "22/1" }, committer.Seen);
    }

    [TestMethod]
    public async Task What_is_refused_fails_the_job()
    {
        var committer = new Scripted(request => request.Refuse("no such table"));
        CommitIncompleteException failure = await Assert.ThrowsExactlyAsync<CommitIncompleteException>(
            async () => await CommitAsync(committer));
        Assert.AreEqual(Recovery.Fail, failure.Recovery);
        Assert.Contains("3 of 3 results cannot be committed: no such table", failure.Message);
    }

    private ValueTask CommitAsync(ISinkCommitter committer) =>
        _open.CommitAsync(committer, [[1], [2], [3]], CancellationToken.None);

    private sealed class Scripted(Action<CommitRequest> answer) : ISinkCommitter
    {
        public List<string> Seen { get; } = [];

        public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CommitAsync(IReadOnlyList<CommitRequest> requests, CancellationToken cancellationToken)
        {
            foreach (CommitRequest request in requests)
            {
                Seen.Add($"{request.Committable[0]}/{request.Retries}");
                answer(request);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask AbortAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
