namespace Millrace.Connectors.Datagen;

[TestClass]
public sealed class NumberSequenceTests
{
    [TestMethod]
    [DataRow(0, 99, 1)]
    [DataRow(-50, 1_000, 3)]
    [DataRow(5, 5, 4)]
    [DataRow(1, 3, 7)]
    [DataRow(1, 0, 2)]
    [DataRow(long.MaxValue - 10, long.MaxValue, 2)]
    [DataRow(long.MinValue, long.MinValue + 20, 3)]
    public async Task Every_number_comes_once(long from, long to, int parallelism)
    {
        SourceRun<long, NumberRange> run = new(NumberSequence.Source(from, to), parallelism, batchSize: 7);
        await run.ReadAllAsync();
        List<long> expected = [];
        for (Int128 number = from; number <= to; number++)
        {
            expected.Add((long)number);
        }

        CollectionAssert.AreEqual(expected, run.Values.Order().ToArray());
        Assert.IsTrue(run.Records.All(record => record.Position == $"number {record.Value}"));
        if (parallelism == 1)
        {
            CollectionAssert.AreEqual(expected, run.Values.ToArray(), "in order");
        }
    }

    [TestMethod]
    public async Task Nothing_to_count_is_an_empty_input()
    {
        SourceRun<long, NumberRange> run = new(NumberSequence.Source(long.MaxValue, long.MinValue), 2);
        await run.ReadAllAsync();
        Assert.IsEmpty(run.Splits);
    }

    [TestMethod]
    public async Task All_numbers_there_are_can_be_divided()
    {
        await using ISplitEnumerator<NumberRange> ranges = NumberSequence.Source(long.MinValue, long.MaxValue)
            .CreateEnumerator(new SplitEnumeratorContext(new string('1', 32), 3, TimeProvider.System));
        await ranges.StartAsync(CancellationToken.None);
        Int128 next = long.MinValue;
        while (await ranges.NextAsync(0, CancellationToken.None) is { Kind: SplitAssignmentKind.Assigned } answer)
        {
            Assert.AreEqual(next, answer.Split.First);
            Assert.IsGreaterThan(answer.Split.First, answer.Split.Last);
            next = (Int128)answer.Split.Last + 1;
        }

        Assert.AreEqual((Int128)long.MaxValue + 1, next);
    }

    [TestMethod]
    public async Task A_range_of_all_numbers_is_begun_and_ended_without_overflow()
    {
        await using ISourceReader<long, NumberRange> reader =
            NumberSequence.Source(0, 1).CreateReader(new TestSourceReaderContext());
        reader.AddSplit(new NumberRange(long.MinValue, long.MaxValue));
        CollectionAssert.AreEqual(new[] { long.MinValue, long.MinValue + 1 }, Read(ReadStatus.More));
        reader.AddSplit(new NumberRange(long.MaxValue - 1, long.MaxValue));

        await using ISourceReader<long, NumberRange> last =
            NumberSequence.Source(0, 1).CreateReader(new TestSourceReaderContext());
        last.AddSplit(new NumberRange(long.MaxValue - 1, long.MaxValue));
        last.NoMoreSplits();
        SourceBatch<long> batch = new(new long[5]);
        Assert.AreEqual(ReadStatus.EndOfInput, last.Read(ref batch));
        Assert.AreEqual(2, batch.Count);

        long[] Read(ReadStatus expected)
        {
            long[] values = new long[2];
            SourceBatch<long> room = new(values);
            Assert.AreEqual(expected, reader.Read(ref room));
            return values[..room.Count];
        }
    }
}
