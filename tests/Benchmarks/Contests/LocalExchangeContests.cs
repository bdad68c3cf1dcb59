using System.Threading.Channels;
using Millrace.Measuring;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>Records dealt out by key from one subtask to two of the same process, against channels of the class
/// library.</summary>
internal static class LocalExchangeContests
{
    private const int Records = 1_000_000;
    private const int Consumers = 2;

    private static readonly Event[] Input = Event.Many(Records, 100_000);
    private static readonly long Expected = Input.Sum(record => record.Value);

    public static IEnumerable<Benchmark> All() =>
        [new Contest("local-exchange", "records", 5, () => Exchange(20), () => Channels(2))];

    private static Sample Exchange(int times)
    {
        var total = new Total();
        using var local = new LocalRun(workers: Consumers);
        Sample sample = Sample.Of((double)Records * times, () => local.Run(env => env
            .FromSource(new ArraySource<Event>(Input, times)).SetParallelism(1)
            .KeyBy(record => record.Key)
            .SinkTo(new SumSink<Event, ValueOf>(total)).SetParallelism(Consumers)));
        return Total.Check(sample, total.Value, times * Expected);
    }

    private static Sample Channels(int times)
    {
        long sum = 0;
        Sample sample = Sample.Of((double)Records * times, () =>
        {
            Channel<Event>[] channels = [.. Enumerable.Range(0, Consumers).Select(_ => Channel.CreateBounded<Event>(
                new BoundedChannelOptions(8_192) { SingleReader = true, SingleWriter = true }))];
            Task<long>[] consumers = [.. channels.Select(channel => Task.Factory.StartNew(
                () => Read(channel.Reader), TaskCreationOptions.LongRunning).Unwrap())];
            Write(channels, times).GetAwaiter().GetResult();
            sum = Task.WhenAll(consumers).GetAwaiter().GetResult().Sum();
        });
        return Total.Check(sample, sum, times * Expected);
    }

    private static async Task Write(Channel<Event>[] channels, int times)
    {
        for (int round = 0; round < times; round++)
        {
            foreach (Event record in Input)
            {
                ChannelWriter<Event> writer = channels[(ulong)record.Key % Consumers].Writer;
                if (!writer.TryWrite(record))
                {
                    await writer.WriteAsync(record);
                }
            }
        }

        foreach (Channel<Event> channel in channels)
        {
            channel.Writer.Complete();
        }
    }

    private static async Task<long> Read(ChannelReader<Event> reader)
    {
        long sum = 0;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out Event record))
            {
                sum += record.Value;
            }
        }

        return sum;
    }

    private readonly struct ValueOf : INumberOf<Event>
    {
        public long Of(in Event record) => record.Value;
    }
}
