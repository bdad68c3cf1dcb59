using Millrace.Connectors;
using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Reading;

[TestClass]
public sealed class EventSourceTests
{
    private static readonly EventNumbering Numbering = new();
    private static readonly EventGenerator<JavaRandom> Generator = new(Numbering);

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 64)]
    [DataRow(2, 64)]
    [DataRow(3, 7)]
    [DataRow(4, 4_096)]
    public async Task Any_number_of_readers_gives_each_event_once(int readers, int batchSize)
    {
        const int Events = 12_345;

        SourceRun<Event, EventLane> run = await new SourceRun<Event, EventLane>(
            Source(Events), readers, batchSize).ReadAllAsync();

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, Events).Select(position => Generator.At(position)).ToArray(), run.Values.ToArray());
        Assert.HasCount(readers, run.Splits);
    }

    [TestMethod]
    public async Task More_readers_than_blocks_leave_some_without_work()
    {
        SourceRun<Event, EventLane> run = await new SourceRun<Event, EventLane>(Source(1_500), 5).ReadAllAsync();

        Assert.HasCount(1_500, run.Values);
        Assert.HasCount(2, run.Splits);
    }

    [TestMethod]
    public async Task No_events_are_no_trouble()
    {
        SourceRun<Event, EventLane> run = await new SourceRun<Event, EventLane>(Source(0), 2).ReadAllAsync();

        Assert.IsEmpty(run.Values);
    }

    [TestMethod]
    public async Task A_record_knows_the_number_of_its_event()
    {
        SourceRun<Event, EventLane> run = await new SourceRun<Event, EventLane>(Source(10)).ReadAllAsync();

        Assert.AreEqual("event 7", run.Records[7].Position);
    }

    // As after a failure: every lane goes on from where its reader stood, in another reader.
    [TestMethod]
    public async Task Lanes_that_are_taken_over_go_on_where_they_were_and_advance_together()
    {
        const int Events = 50_000;
        EventLane[] lanes = [EventLane.Of(0, 2, Events).After(300), EventLane.Of(1, 2, Events).After(EventLane.Block)];
        await using ISourceReader<Event, EventLane> reader =
            Source(Events).CreateReader(new TestSourceReaderContext(0, 1));
        foreach (EventLane lane in lanes)
        {
            reader.AddSplit(lane);
        }

        reader.NoMoreSplits();
        List<Event> read = ReadToEnd(reader);

        IEnumerable<int> left = Enumerable.Range(0, Events)
            .Where(position => position is >= 300 and < EventLane.Block or >= 2 * EventLane.Block);
        CollectionAssert.AreEqual(left.Select(position => Generator.At(position)).ToArray(), read);
    }

    [TestMethod]
    public void A_lane_may_end_at_the_greatest_number()
    {
        var lane = new EventLane(long.MaxValue - 10, long.MaxValue, 4);

        Assert.AreEqual(10, lane.Run);
        Assert.IsTrue(lane.After(10).IsEmpty);
    }

    private static EventSource<JavaRandom> Source(long events) => new(Numbering, EventTexts.All, events);

    private static List<Event> ReadToEnd(ISourceReader<Event, EventLane> reader)
    {
        List<Event> read = [];
        Event[] values = new Event[100];
        long[] timestamps = new long[values.Length];
        ReadStatus status = ReadStatus.More;
        while (status != ReadStatus.EndOfInput)
        {
            SourceBatch<Event> batch = new(values, timestamps);
            status = reader.Read(ref batch);
            for (int i = 0; i < batch.Count; i++)
            {
                Assert.AreEqual(values[i].Time, timestamps[i], "The event's time is its timestamp.");
                read.Add(values[i]);
            }
        }

        return read;
    }
}
