using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Dataflow;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Measuring;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>The chain and the keyed sum against libraries that people use for such work today.</summary>
internal static class PeerContests
{
    private const int Records = 1_000_000;
    private const int Keys = 100_000;

    private static readonly Event[] Input = Event.Many(Records, Keys);
    private static readonly long ChainTotal = Input.Where(ChainContests.Keep).Sum(e => ChainContests.Double(e).Value);
    private static readonly long KeyedTotal = Input.Sum(record => record.Value);

    public static IEnumerable<Benchmark> All() =>
    [
        new Contest("chain-vs-dataflow", "records", 8, () => ChainContests.WithDelegates(20), () => LinkedBlocks(1)),
        new Contest("chain-vs-rx", "records", 0.9, () => ChainContests.WithDelegates(20), () => RxChain(20)),
        new Contest("chain-structs-vs-rx", "records", 1.5, () => ChainContests.WithStructs(20), () => RxChain(20)),
        new Contest("keyed-sum-vs-dataflow", "records", 1.5, () => Keyed(10), () => OneBlock(4)),
        new Contest("keyed-sum-vs-rx", "records", 15, () => Keyed(10), () => RxGroups(1)),
    ];

    private static Sample Keyed(int times)
    {
        var total = new Total();
        using var local = new LocalRun(workers: 1);
        Sample sample = Sample.Of((double)Records * times, () => local.Run(env => env
            .SetRuntimeMode(RuntimeMode.Batch)
            .FromSource(new ArraySource<Event>(Input, times))
            .KeyBy(record => record.Key)
            .Sum(record => record.Value)
            .SinkTo(new SumSink<Keyed<long, long>, SumOf>(total))));
        return Total.Check(sample, total.Value, times * KeyedTotal);
    }

    // As one links blocks by hand: what the filter does not want goes to a block that drops it, and nothing else does,
    // however full the other block is.
    private static Sample LinkedBlocks(int times)
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Records * times, () =>
        {
            var link = new DataflowLinkOptions { PropagateCompletion = true };
            ExecutionDataflowBlockOptions bounded = Bounded();
            var input = new BufferBlock<Event>(bounded);
            var map = new TransformBlock<Event, Event>(ChainContests.Double, bounded);
            var add = new ActionBlock<Event>(record => sum += record.Value, bounded);
            input.LinkTo(map, link, record => ChainContests.Keep(record));
            input.LinkTo(DataflowBlock.NullTarget<Event>(), record => !ChainContests.Keep(record));
            map.LinkTo(add, link);
            Feed(input, times).GetAwaiter().GetResult();
            add.Completion.GetAwaiter().GetResult();
        });
        return Total.Check(sample, sum, times * ChainTotal);
    }

    private static Sample OneBlock(int times)
    {
        Dictionary<long, long> sums = [];
        Sample sample = Sample.Of((double)Records * times, () =>
        {
            var add = new ActionBlock<Event>(
                record => CollectionsMarshal.GetValueRefOrAddDefault(sums, record.Key, out _) += record.Value,
                Bounded());
            Feed(add, times).GetAwaiter().GetResult();
            add.Completion.GetAwaiter().GetResult();
        });
        return Total.Check(sample, sums.Values.Sum(), times * KeyedTotal);
    }

    private static ExecutionDataflowBlockOptions Bounded() =>
        new() { BoundedCapacity = 8_192, SingleProducerConstrained = true };

    private static async Task Feed(ITargetBlock<Event> target, int times)
    {
        for (int round = 0; round < times; round++)
        {
            foreach (Event record in Input)
            {
                if (!target.Post(record))
                {
                    await target.SendAsync(record);
                }
            }
        }

        target.Complete();
    }

    private static Sample RxChain(int times)
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Records * times, () =>
        {
            using var subject = new Subject<Event>();
            using IDisposable subscription = subject
                .Where(ChainContests.Keep)
                .Select(ChainContests.Double)
                .Subscribe(record => sum += record.Value);
            Push(subject, times);
        });
        return Total.Check(sample, sum, times * ChainTotal);
    }

    private static Sample RxGroups(int times)
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Records * times, () =>
        {
            using var subject = new Subject<Event>();
            using IDisposable subscription = subject
                .GroupBy(record => record.Key)
                .SelectMany(group => group.Sum(record => record.Value))
                .Subscribe(total => sum += total);
            Push(subject, times);
        });
        return Total.Check(sample, sum, times * KeyedTotal);
    }

    private static void Push(Subject<Event> subject, int times)
    {
        for (int round = 0; round < times; round++)
        {
            foreach (Event record in Input)
            {
                subject.OnNext(record);
            }
        }

        subject.OnCompleted();
    }

    private readonly struct SumOf : INumberOf<Keyed<long, long>>
    {
        public long Of(in Keyed<long, long> record) => record.Value;
    }
}
