using Millrace.Connectors.Files.Reading;
using Millrace.Operators;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class WatchingTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _directory.Dispose();

    [TestMethod]
    public async Task Each_file_is_handed_out_once_when_it_has_its_name()
    {
        _directory.Write("a", "1\n");
        _directory.Write(".b", "2\n");
        _directory.Write("c.tmp", "3\n");
        await using ISplitEnumerator<FileSplit> enumerator = await StartAsync(null);
        CollectionAssert.AreEqual(new[] { "a" }, await TakeAsync(enumerator));

        File.Move(_directory[".b"], _directory["b"]);
        File.Move(_directory["c.tmp"], _directory["c"]);
        CollectionAssert.AreEqual(Array.Empty<string>(), await TakeAsync(enumerator), "not yet time to look");
        _time.Advance(Interval);
        CollectionAssert.AreEqual(new[] { "b", "c" }, await TakeAsync(enumerator));
        _time.Advance(Interval);
        CollectionAssert.AreEqual(Array.Empty<string>(), await TakeAsync(enumerator));
    }

    [TestMethod]
    public async Task What_was_handed_out_before_a_snapshot_does_not_come_after_it()
    {
        _directory.Write("a", "1\n");
        await using ISplitEnumerator<FileSplit> first = await StartAsync(null);
        CollectionAssert.AreEqual(new[] { "a" }, await TakeAsync(first));
        _directory.Write("b", "2\n");
        _time.Advance(Interval);
        SplitAssignment<FileSplit> b = await first.NextAsync(0, CancellationToken.None);
        first.AddBack([b.Split!], 0);

        await using ISplitEnumerator<FileSplit> second = await StartAsync(first.Snapshot());
        CollectionAssert.AreEqual(new[] { "b" }, await TakeAsync(second));
    }

    [TestMethod]
    public async Task Files_that_are_gone_are_forgotten()
    {
        _directory.Write("a", "1\n");
        await using ISplitEnumerator<FileSplit> enumerator = await StartAsync(null);
        CollectionAssert.AreEqual(new[] { "a" }, await TakeAsync(enumerator));
        byte[] before = enumerator.Snapshot();
        File.Delete(_directory["a"]);
        _time.Advance(Interval);
        CollectionAssert.AreEqual(Array.Empty<string>(), await TakeAsync(enumerator));
        Assert.IsLessThan(before.Length, enumerator.Snapshot().Length);

        _directory.Write("a", "another\n");
        _time.Advance(Interval);
        CollectionAssert.AreEqual(new[] { "a" }, await TakeAsync(enumerator));
    }

    [TestMethod]
    public async Task A_directory_that_is_not_there_is_an_error_and_a_pattern_without_a_match_is_none()
    {
        await using ISplitEnumerator<FileSplit> missing = Enumerator("missing", null);
        await Assert.ThrowsExactlyAsync<InputNotFoundException>(
            async () => await missing.StartAsync(CancellationToken.None));
        await using ISplitEnumerator<FileSplit> pattern = Enumerator("*.csv", null);
        await pattern.StartAsync(CancellationToken.None);
        Assert.AreEqual(SplitAssignmentKind.NotNow, (await pattern.NextAsync(0, CancellationToken.None)).Kind);
    }

    // Nobody waits for it to come back: a mount that is gone, or a wrong path, is to be seen.
    [TestMethod]
    public async Task A_watched_directory_that_vanishes_is_an_error_at_the_next_look_that_names_it()
    {
        string watched = _directory["watched"];
        Directory.CreateDirectory(watched);
        await using ISplitEnumerator<FileSplit> enumerator = Enumerator("watched", null);
        await enumerator.StartAsync(CancellationToken.None);
        Directory.Delete(watched);
        Assert.AreEqual(SplitAssignmentKind.NotNow, (await enumerator.NextAsync(0, CancellationToken.None)).Kind);
        _time.Advance(Interval);

        InputNotFoundException error = await Assert.ThrowsExactlyAsync<InputNotFoundException>(
            async () => await enumerator.NextAsync(0, CancellationToken.None));

        StringAssert.Contains(error.Message, watched);
    }

    private static async Task<List<string>> TakeAsync(ISplitEnumerator<FileSplit> enumerator)
    {
        List<string> names = [];
        while (await enumerator.NextAsync(0, CancellationToken.None) is { Kind: SplitAssignmentKind.Assigned } next)
        {
            names.AddRange(next.Split!.Ranges.Select(range => Path.GetFileName(range.Path)));
        }

        return names;
    }

    private async Task<ISplitEnumerator<FileSplit>> StartAsync(byte[]? snapshot)
    {
        ISplitEnumerator<FileSplit> enumerator = Enumerator("", snapshot);
        await enumerator.StartAsync(CancellationToken.None);
        return enumerator;
    }

    private WatchingEnumerator Enumerator(string path, byte[]? snapshot) => new(
        [_directory[path]],
        new SplitPlan(1, null),
        Interval,
        new SplitEnumeratorContext(new string('1', 32), 1, _time),
        snapshot);
}
