using System.Net;
using Millrace.Batches;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network.Partitioners;
using Millrace.Tasks;

namespace Millrace.Network;

/// <summary>Producers on one silo, each with a channel to one gate on the same or another silo.</summary>
internal sealed class TestChannels : IDisposable
{
    private static int Attempts;

    private readonly bool _isRemote;
    private readonly EndPoint _at;

    public TestChannels(TestSilo from, TestSilo to, int producers = 1, int batchSize = 16, bool timestamps = false,
        EndPoint? at = null)
    {
        From = from;
        To = to;
        _at = at ?? to.Exchange.EndPoint;
        _isRemote = from != to;
        ChannelId[] ids = [.. Enumerable.Range(0, producers).Select(producer => IdOf(producer))];
        Id = ids[0];
        Gate = to.Network.CreateGate<long>(
            new InputGateSpec(
                "'Consumer' (1/1)", [.. ids.Select(id => new InputChannelSpec(id, _isRemote))], timestamps),
            to.Serializers,
            Consumer.Raise,
            to.Batches);
        Producers = [.. ids.Select(_ => new WakeSignal())];
        Outputs = [.. ids.Select((id, producer) => Output(id, producer, batchSize, timestamps))];
    }

    public TestSilo From { get; }

    public TestSilo To { get; }

    /// <summary>The first channel.</summary>
    public ChannelId Id { get; }

    public IInputGate Gate { get; }

    public WakeSignal Consumer { get; } = new();

    public WakeSignal[] Producers { get; }

    public PartitionOutput<long>[] Outputs { get; }

    public PartitionOutput<long> Out => Outputs[0];

    public Task ConnectAsync() => Task.WhenAll(Outputs.Select(output => output.ConnectAsync(CancellationToken.None)));

    /// <summary>Takes the next element, waiting for it.</summary>
    public async Task<(int Channel, StreamElement Element)> TakeAsync()
    {
        int channel = -1;
        StreamElement? element = null;
        await Consumer.UntilAsync("take", () => Gate.TryTake(out channel, out element), () => Gate.Counts.ToString());
        return (channel, element!);
    }

    /// <summary>Takes the records of the next batch, waiting for it.</summary>
    public async Task<(int Channel, long[] Records, long Watermark)> TakeBatchAsync()
    {
        (int channel, StreamElement element) = await TakeAsync();
        Assert.IsInstanceOfType<RecordBatch<long>>(element);
        var batch = (RecordBatch<long>)element;
        (int, long[], long) taken = (channel, batch.Records.ToArray(), batch.Watermark);
        batch.Release();
        return taken;
    }

    public void Dispose()
    {
        foreach (PartitionOutput<long> output in Outputs)
        {
            output.Dispose();
        }

        Gate.Dispose();
    }

    private static ChannelId IdOf(int producer)
    {
        JobId job = new(new Id128(7, 7));
        int attempt = Interlocked.Increment(ref Attempts);
        return new ChannelId(
            0,
            new ExecutionAttemptId(job, new VertexId(new Id128(1, 1)), producer, attempt),
            new ExecutionAttemptId(job, new VertexId(new Id128(2, 2)), 0, attempt));
    }

    private PartitionOutput<long> Output(ChannelId id, int producer, int batchSize, bool timestamps) =>
        From.Network.CreateOutput<long>(
            new OutputSpec
            {
                Name = "Producer",
                Edge = 0,
                Partitioner = PartitionerKind.Forward,
                Targets = [new OutputTarget(id, _isRemote ? _at : null)],
                Subtask = producer,
                MaxParallelism = 128,
                HasTimestamps = timestamps,
                BatchSize = batchSize,
            },
            partition: null,
            From.Serializers,
            Producers[producer].Raise,
            From.Batches);
}
