using Microsoft.Extensions.Time.Testing;

namespace Millrace.Connectors.Datagen;

[TestClass]
public sealed class DataGeneratorTests
{
    [TestMethod]
    [DataRow(100, 1)]
    [DataRow(100, 3)]
    [DataRow(2, 5)]
    [DataRow(0, 2)]
    public async Task Each_index_is_generated_once(long count, int parallelism)
    {
        SourceRun<string, GeneratedSplit> run = await new SourceRun<string, GeneratedSplit>(
            DataGenerator.Source(index => $"#{index}", count), parallelism, batchSize: 8).ReadAllAsync();
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, (int)count).Select(index => $"#{index}").ToArray(), run.Values.ToArray());
        Assert.IsTrue(run.Records.All(record => record.Position == $"index {record.Value[1..]}"));
    }

    [TestMethod]
    public void Without_a_count_it_goes_on()
    {
        Assert.AreEqual(Boundedness.Continuous, DataGenerator.Source(index => index).Boundedness);
        Assert.AreEqual(Boundedness.Bounded, DataGenerator.Source(index => index, count: 1).Boundedness);
    }

    [TestMethod]
    public async Task The_last_indexes_there_are_do_not_overflow()
    {
        await using ISourceReader<long, GeneratedSplit> reader =
            DataGenerator.Source(index => index).CreateReader(new TestSourceReaderContext());
        reader.AddSplit(new GeneratedSplit(long.MaxValue - 7, 3, long.MaxValue));
        reader.NoMoreSplits();
        CollectionAssert.AreEqual(
            new[] { long.MaxValue - 7, long.MaxValue - 4, long.MaxValue - 1 }, Read(reader, out ReadStatus status, 10));
        Assert.AreEqual(ReadStatus.EndOfInput, status);
    }

    // Record i is due i / rate seconds after the start: after every step exactly the due ones have come.
    [TestMethod]
    [DataRow(1.0, 1)]
    [DataRow(10.0, 1)]
    [DataRow(100.0, 3)]
    [DataRow(0.5, 2)]
    [DataRow(12_345.0, 2)]
    [DataRow(7.3, 4)]
    public async Task A_rate_is_kept_exactly_whenever_one_looks(double rate, int parallelism)
    {
        FakeTimeProvider time = new();
        DateTimeOffset start = time.GetUtcNow();
        List<ISourceReader<long, GeneratedSplit>> readers = [];
        for (int i = 0; i < parallelism; i++)
        {
            readers.Add(DataGenerator.Source(index => index, null, rate)
                .CreateReader(new TestSourceReaderContext(i, parallelism, time)));
            readers[i].AddSplit(new GeneratedSplit(i, parallelism, long.MaxValue));
        }

        HashSet<long> generated = [];
        Random random = new(1);
        for (int step = 0; step < 200; step++)
        {
            foreach (ISourceReader<long, GeneratedSplit> reader in readers)
            {
                while (true)
                {
                    generated.UnionWith(Read(reader, out ReadStatus status, 64));
                    if (status == ReadStatus.NothingNow)
                    {
                        break;
                    }
                }
            }

            decimal seconds = (decimal)(time.GetUtcNow() - start).Ticks / TimeSpan.TicksPerSecond;
            long due = (long)Math.Floor(seconds * (decimal)rate) + 1;
            Assert.HasCount((int)due, generated, $"after {seconds} s");
            Assert.AreEqual(due - 1, generated.Max());
            time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 300)));
        }

        foreach (ISourceReader<long, GeneratedSplit> reader in readers)
        {
            await reader.DisposeAsync();
        }
    }

    [TestMethod]
    public async Task The_wait_asked_for_ends_when_the_next_record_is_due()
    {
        FakeTimeProvider time = new();
        TestSourceReaderContext context = new(0, 1, time);
        await using ISourceReader<long, GeneratedSplit> reader =
            DataGenerator.Source(index => index, null, 4).CreateReader(context);
        reader.AddSplit(new GeneratedSplit(0, 1, long.MaxValue));
        CollectionAssert.AreEqual(new[] { 0L }, Read(reader, out _, 8));
        for (long index = 1; index < 50; index++)
        {
            Assert.IsEmpty(Read(reader, out ReadStatus status, 8));
            Assert.AreEqual(ReadStatus.NothingNow, status);
            Assert.AreEqual(TimeSpan.FromMilliseconds(250), context.Delays[^1]);
            time.Advance(context.Delays[^1]);
            CollectionAssert.AreEqual(new[] { index }, Read(reader, out _, 8));
        }
    }

    [TestMethod]
    public async Task A_source_that_was_held_back_catches_up()
    {
        FakeTimeProvider time = new();
        await using ISourceReader<long, GeneratedSplit> reader =
            DataGenerator.Source(index => index, null, 10).CreateReader(new TestSourceReaderContext(0, 1, time));
        reader.AddSplit(new GeneratedSplit(0, 1, long.MaxValue));
        Assert.HasCount(1, Read(reader, out _, 64));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.HasCount(16, Read(reader, out _, 16));
        Assert.HasCount(14, Read(reader, out _, 16));
        Assert.IsEmpty(Read(reader, out _, 16));
    }

    [TestMethod]
    public async Task Each_subtask_gets_its_own_split_also_when_it_comes_back()
    {
        await using ISplitEnumerator<GeneratedSplit> splits = DataGenerator.Source(index => index, 10)
            .CreateEnumerator(new SplitEnumeratorContext(new string('1', 32), 3, TimeProvider.System));
        await splits.StartAsync(CancellationToken.None);
        Assert.AreEqual(new GeneratedSplit(2, 3, 10), (await splits.NextAsync(2, CancellationToken.None)).Split);
        Assert.AreEqual(new GeneratedSplit(0, 3, 10), (await splits.NextAsync(0, CancellationToken.None)).Split);
        Assert.AreEqual(SplitAssignmentKind.NoMore, (await splits.NextAsync(2, CancellationToken.None)).Kind);
        splits.AddBack([new GeneratedSplit(5, 3, 10)], 2);
        Assert.AreEqual(new GeneratedSplit(5, 3, 10), (await splits.NextAsync(2, CancellationToken.None)).Split);
        Assert.AreEqual(new GeneratedSplit(1, 3, 10), (await splits.NextAsync(1, CancellationToken.None)).Split);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_rate_that_is_none_is_refused(double rate) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => DataGenerator.Source(index => index, null, rate));

    private static T[] Read<T>(ISourceReader<T, GeneratedSplit> reader, out ReadStatus status, int room)
    {
        T[] values = new T[room];
        SourceBatch<T> batch = new(values);
        status = reader.Read(ref batch);
        return values[..batch.Count];
    }
}
