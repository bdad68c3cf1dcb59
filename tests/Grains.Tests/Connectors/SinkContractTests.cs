using Millrace.Connectors.Collect;
using Millrace.Connectors.Files;

namespace Millrace.Connectors;

/// <summary>The sinks of the product that keep something, under the verifier.</summary>
[TestClass]
public sealed class SinkContractTests
{
    private const int Seeds = 25;

    private static readonly int[] Records = [.. Enumerable.Range(0, 120)];

    [TestMethod]
    public async Task Files()
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            using TemporaryDirectory directory = new();
            SinkVerifier<int> verifier = new(() => FileSink.Text(directory.FullPath).For<int>(), seed);

            string happened = await verifier.WriteAsync(Records);

            CollectionAssert.AreEquivalent(Records, Written(directory.FullPath), happened);
        }
    }

    [TestMethod]
    public async Task Files_in_buckets_of_which_few_are_open()
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            using TemporaryDirectory directory = new();
            SinkVerifier<int> verifier = new(
                () => FileSink.Csv<int>(
                    directory.FullPath,
                    options =>
                    {
                        options.MaxOpenFiles = 2;
                        options.BufferBytes = 8;
                    },
                    record => $"day{record % 5}/hour{record % 7}"),
                seed);

            string happened = await verifier.WriteAsync(Records);

            CollectionAssert.AreEquivalent(Records, Written(directory.FullPath), happened);
            foreach (int record in Written(directory[$"day{3}/hour{1}"]))
            {
                Assert.AreEqual((3, 1), (record % 5, record % 7), happened);
            }
        }
    }

    [TestMethod]
    public async Task What_is_collected_for_the_client_is_kept_in_snapshots()
    {
        CollectSink<int> sink = new("numbers");
        ISinkWriter<int> first = sink.CreateWriter(new TestSinkWriterContext());
        first.Write([1, 2]);
        SinkWriterSnapshot snapshot = await first.SnapshotAsync(CancellationToken.None);
        first.Write([3]);
        await first.DisposeAsync();

        TestSinkWriterContext context = new();
        await using ISinkWriter<int> second = sink.RestoreWriter(context, snapshot.States);
        second.Write([4]);
        await second.FinishAsync(CancellationToken.None);

        CollectionAssert.AreEqual(
            new[] { 1, 2, 4 }, CollectedRecords.Read<int>([context.Returned[0].Bytes]).ToArray());
    }

    private static int[] Written(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .SelectMany(File.ReadAllLines)
            .Select(int.Parse),
    ];
}
