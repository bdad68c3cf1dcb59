using Millrace.Connectors.Datagen;
using Millrace.Operators;

namespace Millrace.Connectors;

[TestClass]
public sealed class RateLimitTests
{
    private readonly ManualTime _time = new();

    [TestMethod]
    public async Task Subtasks_share_the_rate()
    {
        await using ISourceReader<long, NumberRange> reader = Reader(recordsPerSecond: 40, out _, parallelism: 2);

        Assert.AreEqual(1, Read(reader, 64), "the first record comes at once");
        _time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.AreEqual(0, Read(reader, 64));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual(1, Read(reader, 64));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.AreEqual(10, Read(reader, 64));
    }

    [TestMethod]
    public async Task A_reader_that_was_held_back_catches_up_with_a_second_at_most()
    {
        await using ISourceReader<long, NumberRange> reader = Reader(recordsPerSecond: 20, out _);
        Assert.AreEqual(1, Read(reader, 64));

        _time.Advance(TimeSpan.FromHours(1));

        Assert.AreEqual(15, Read(reader, 15), "no more than fit");
        Assert.AreEqual(5, Read(reader, 64));
        Assert.AreEqual(0, Read(reader, 64));
    }

    [TestMethod]
    public async Task The_loop_is_woken_when_the_next_record_is_due()
    {
        await using ISourceReader<long, NumberRange> reader =
            Reader(recordsPerSecond: 0.5, out TestSourceReaderContext context);
        Assert.AreEqual(1, Read(reader, 64));
        Assert.AreEqual(0, Read(reader, 64));

        Assert.AreEqual(TimeSpan.FromSeconds(2), context.Delays[^1]);
        _time.Advance(context.Delays[^1]);
        Assert.AreEqual(1, Read(reader, 64));
    }

    [TestMethod]
    public void A_rate_is_needed()
    {
        foreach (double rate in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NumberSequence.Source(1, 2).WithRateLimit(rate));
        }
    }

    private static int Read(ISourceReader<long, NumberRange> reader, int room)
    {
        SourceBatch<long> batch = new(new long[room], new long[room]);
        ReadStatus status = reader.Read(ref batch);
        Assert.AreEqual(batch.Count == 0 ? ReadStatus.NothingNow : ReadStatus.More, status);
        return batch.Count;
    }

    private ISourceReader<long, NumberRange> Reader(
        double recordsPerSecond, out TestSourceReaderContext context, int parallelism = 1)
    {
        context = new TestSourceReaderContext(0, parallelism, _time);
        ISourceReader<long, NumberRange> reader =
            NumberSequence.Source(0, 0).WithRateLimit(recordsPerSecond).CreateReader(context);
        reader.AddSplit(new NumberRange(0, 1_000));
        return reader;
    }
}
