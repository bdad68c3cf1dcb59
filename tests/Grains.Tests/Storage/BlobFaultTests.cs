using System.Collections.Concurrent;
using Millrace.Execution.Files;
using Millrace.Storage.Blobs;

namespace Millrace.Storage;

/// <summary>Blobs on a bad way: what is tried again, how often, what comes of it in the end, and that nobody ever sees
/// half a blob.</summary>
[TestClass]
public sealed class BlobFaultTests : IDisposable
{
    private const string Put = "PUT ";
    private const string Stage = "comp=block&";
    private const string Commit = "comp=blocklist";
    private const string Get = "GET ";

    private readonly FaultyBlobTransport _way = new();
    private readonly string _address = $"azblob://{SharedAzurite.NewContainer()}/job/a.state";
    private AzureStorageOptions _options = new();
    private AzureBlobFileSystem? _blobs;

    private AzureBlobFileSystem Blobs => _blobs!;

    public void Dispose() => _way.Dispose();

    [TestInitialize]
    public async Task OpenAsync()
    {
        _options = await SharedAzurite.OptionsAsync();
        _options.RequestTimeout = TimeSpan.FromSeconds(20);
        _blobs = await SharedAzurite.BlobsAsync(_options, _way);

        // The container is there from now on.
        await WriteAsync(Content(1));
    }

    // Every request of a large write and of reading it back has the accident on its first try.
    [TestMethod]
    [DataRow(BlobFault.Throttled)]
    [DataRow(BlobFault.Reset)]
    [DataRow(BlobFault.AnswerLost)]
    [DataRow(BlobFault.Hangs)]
    [DataRow(BlobFault.HalfAnswer)]
    public async Task What_fails_once_is_tried_again(object fault)
    {
        // Short enough to wait for, and tries enough for a machine that is busy with something else.
        _options.RequestTimeout = TimeSpan.FromMilliseconds(500);
        _options.MaxRetries = 8;
        _blobs = await SharedAzurite.BlobsAsync(_options, _way);
        byte[] content = Content(1_000_003);
        ConcurrentDictionary<string, int> seen = [];
        int accidents = 0;
        _way.Accident = request =>
        {
            bool isFirst = seen.AddOrUpdate(request, 1, (_, times) => times + 1) == 1;
            accidents += isFirst ? 1 : 0;
            return isFirst ? (BlobFault)fault : BlobFault.None;
        };

        await WriteAsync(content);
        CollectionAssert.AreEqual(content, await Blobs.ReadAsync(_address, CancellationToken.None));
        IReadOnlyList<string> files = await Blobs.ListAsync(Folder(), CancellationToken.None);
        CollectionAssert.AreEqual(new[] { "a.state" }, files.ToArray());
        await Blobs.DeleteFolderAsync(Folder(), CancellationToken.None);

        _way.Accident = _ => BlobFault.None;
        Assert.IsEmpty(await Blobs.ListAsync(Folder(), CancellationToken.None));
        Assert.IsGreaterThan(5, accidents);
    }

    [TestMethod]
    [DataRow(BlobFault.Throttled, "503 ServerBusy")]
    [DataRow(BlobFault.Reset, "3 tries failed, the last one: Connection reset by peer.")]
    [DataRow(BlobFault.Hangs, "did not answer in time (Millrace:AzureStorage:RequestTimeout)")]
    public async Task What_keeps_failing_ends_after_so_many_tries_with_the_reason(object fault, string reason)
    {
        _options.RequestTimeout = TimeSpan.FromMilliseconds(200);
        _blobs = await SharedAzurite.BlobsAsync(_options, _way);
        _way.Accident = _ => (BlobFault)fault;

        await FailsAsync("written", () => WriteAsync(Content(3)));
        await FailsAsync("read", () => Blobs.ReadAsync(_address, CancellationToken.None));
        await FailsAsync("read", () => Blobs.OpenReadAsync(_address, CancellationToken.None));
        await FailsAsync("read", () => Blobs.TryReadAsync(_address, CancellationToken.None));
        await FailsAsync("written", () => Blobs.TryWriteAsync(_address, [1], null, null, CancellationToken.None));
        await FailsAsync("removed", () => Blobs.DeleteAsync([_address], CancellationToken.None));
        await FailsAsync("looked for", () => Blobs.ExistsAsync(_address, CancellationToken.None));
        await FailsAsync("listed", () => Blobs.ListAsync(Folder(), CancellationToken.None), Folder());

        async Task FailsAsync(string deed, Func<Task> act, string? address = null)
        {
            int before = _way.Tries;
            IOException failure = await Assert.ThrowsExactlyAsync<IOException>(act, deed);
            StringAssert.Contains(failure.Message, $"'{address ?? _address}' could not be {deed}: ");
            StringAssert.Contains(failure.Message, reason);
            Assert.AreEqual(_options.MaxRetries + 1, _way.Tries - before, deed);
        }
    }

    // Whatever request of a write fails for good: the blob is what it was, or not there, and no other one is.
    [TestMethod]
    [DataRow(Stage, BlobFault.Throttled)]
    [DataRow(Stage, BlobFault.AnswerLost)]
    [DataRow(Commit, BlobFault.Throttled)]
    [DataRow(Commit, BlobFault.Reset)]
    public async Task A_half_written_blob_is_never_seen(string request, object fault)
    {
        _way.Accident = tried => tried.Contains(request, StringComparison.Ordinal) ? (BlobFault)fault : BlobFault.None;
        await Assert.ThrowsExactlyAsync<IOException>(() => WriteAsync(Content(2_000_000)));
        await Assert.ThrowsExactlyAsync<IOException>(() => WriteAsync(Content(2_000_000), Folder() + "/b.state"));

        _way.Accident = _ => BlobFault.None;
        CollectionAssert.AreEqual(Content(1), await Blobs.ReadAsync(_address, CancellationToken.None));
        IReadOnlyList<string> files = await Blobs.ListAsync(Folder(), CancellationToken.None);
        CollectionAssert.AreEqual(new[] { "a.state" }, files.ToArray());

        await WriteAsync(Content(2_000_000));
        CollectionAssert.AreEqual(Content(2_000_000), await Blobs.ReadAsync(_address, CancellationToken.None));
    }

    // One block fails while others are under way: the writer is told at its next block, not at the end.
    [TestMethod]
    public async Task A_writer_is_stopped_soon_after_a_block_has_failed()
    {
        _way.Accident = tried => tried.Contains(Stage, StringComparison.Ordinal) ? BlobFault.Throttled : BlobFault.None;
        int blocks = 0;
        await Assert.ThrowsExactlyAsync<IOException>(() => Blobs.WriteAsync(
            _address,
            async (stream, token) =>
            {
                for (blocks = 0; blocks < 1_000; blocks++)
                {
                    await stream.WriteAsync(new byte[_options.BlockBytes], token);
                }
            },
            CancellationToken.None));
        Assert.IsLessThan(100, blocks);
    }

    [TestMethod]
    public async Task Blocks_go_out_side_by_side_and_not_more_than_the_option_says()
    {
        // The first ones wait until as many as may be are under way.
        int stages = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _way.Accident = tried =>
        {
            if (tried.Contains(Stage, StringComparison.Ordinal)
                && Interlocked.Increment(ref stages) == _options.MaxParallelRequests)
            {
                all.SetResult();
            }

            return BlobFault.None;
        };
        Task[] writers =
        [
            .. Enumerable.Range(0, 5).Select(i => WriteAsync(Content(3_000_000 + i), $"{Folder()}/{i}.state")),
        ];
        await Task.WhenAll(writers);

        await all.Task;
        Assert.IsLessThanOrEqualTo(_options.MaxParallelRequests, _way.MostAtOnce);
        Assert.IsGreaterThan(1, _way.MostAtOnce);
        for (int i = 0; i < writers.Length; i++)
        {
            CollectionAssert.AreEqual(
                Content(3_000_000 + i), await Blobs.ReadAsync($"{Folder()}/{i}.state", CancellationToken.None));
        }
    }

    [TestMethod]
    public async Task A_conditional_write_whose_answer_was_lost_has_happened()
    {
        bool isLost = false;
        _way.Accident = tried =>
        {
            bool loses = !isLost && tried.StartsWith(Put, StringComparison.Ordinal);
            isLost |= loses;
            return loses ? BlobFault.AnswerLost : BlobFault.None;
        };
        string record = Folder() + "/record.json";
        Assert.IsTrue(await Blobs.TryWriteAsync(record, [1, 2], null, null, CancellationToken.None));
        Assert.IsTrue(isLost);

        StoredBlob first = (await Blobs.TryReadAsync(record, CancellationToken.None))!;
        isLost = false;
        Assert.IsTrue(await Blobs.TryWriteAsync(record, [3], first.Tag, null, CancellationToken.None));
        Assert.IsFalse(await Blobs.TryWriteAsync(record, [4], first.Tag, null, CancellationToken.None));
        Assert.IsFalse(await Blobs.TryWriteAsync(record, [5], null, null, CancellationToken.None));
        CollectionAssert.AreEqual(new byte[] { 3 }, await Blobs.ReadAsync(record, CancellationToken.None));
    }

    [TestMethod]
    public async Task A_blob_that_is_replaced_while_it_is_read_is_an_error_and_no_mixture()
    {
        await WriteAsync(Content(1_000_000));
        using StoredFile file = await Blobs.OpenReadAsync(_address, CancellationToken.None);
        await file.ReadAsync(0, new byte[1_000], CancellationToken.None);
        await WriteAsync(Content(1_000_001));

        IOException failure = await Assert.ThrowsExactlyAsync<IOException>(
            () => file.ReadAsync(1_000, new byte[999_000], CancellationToken.None));
        StringAssert.Contains(failure.Message, "412");
        StringAssert.Contains(failure.Message, _address);
    }

    [TestMethod]
    public async Task A_wrong_key_is_refused_without_being_shown()
    {
        string wrong = Convert.ToBase64String("not the key of the account"u8);
        int key = _options.ConnectionString!.IndexOf("AccountKey=", StringComparison.Ordinal);
        int end = _options.ConnectionString.IndexOf(';', key);
        _options.ConnectionString =
            $"{_options.ConnectionString[..key]}AccountKey={wrong}{_options.ConnectionString[end..]}";
        AzureBlobFileSystem blobs = await SharedAzurite.BlobsAsync(_options, _way);

        UnauthorizedAccessException refused = await Assert.ThrowsExactlyAsync<UnauthorizedAccessException>(
            () => blobs.ReadAsync(_address, CancellationToken.None));
        StringAssert.Contains(refused.Message, "403");
        Assert.IsFalse(refused.ToString().Contains(wrong, StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task A_canceled_request_is_canceled_and_no_failure_of_the_store()
    {
        using CancellationTokenSource canceled = new();
        _way.Accident = tried =>
        {
            if (!tried.StartsWith(Get, StringComparison.Ordinal))
            {
                return BlobFault.None;
            }

            canceled.Cancel();
            return BlobFault.Hangs;
        };
        await Assert.ThrowsAsync<OperationCanceledException>(() => Blobs.ReadAsync(_address, canceled.Token));
    }

    [TestMethod]
    public async Task A_whole_container_is_never_removed()
    {
        string container = _address[.._address.IndexOf('/', "azblob://".Length)];
        await Assert.ThrowsExactlyAsync<IOException>(() => Blobs.DeleteFolderAsync(container, CancellationToken.None));
        Assert.HasCount(1, await Blobs.ListAsync(container, CancellationToken.None));
    }

    private static byte[] Content(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    private string Folder() => _address[.._address.LastIndexOf('/')];

    private Task WriteAsync(byte[] content, string? address = null) => Blobs.WriteAsync(
        address ?? _address, (stream, token) => stream.WriteAsync(content, token).AsTask(), CancellationToken.None);
}
