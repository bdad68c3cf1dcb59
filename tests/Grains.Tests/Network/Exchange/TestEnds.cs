using Millrace.Batches;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network.Partitioners;
using Millrace.Tasks;

namespace Millrace.Network.Exchange;

/// <summary>One channel of records of any type between two silos.</summary>
internal sealed class TestEnds<T> : IDisposable
{
    private static int Attempts = 1_000;

    private readonly WakeSignal _consumer = new();

    public TestEnds(TestSilo from, TestSilo to, int? attempt = null)
    {
        JobId job = new(new Id128(8, 8));
        int number = attempt ?? Interlocked.Increment(ref Attempts);
        ChannelId id = new(
            0,
            new ExecutionAttemptId(job, new VertexId(new Id128(1, 1)), 0, number),
            new ExecutionAttemptId(job, new VertexId(new Id128(2, 2)), 0, number));
        Gate = to.Network.CreateGate<T>(
            new InputGateSpec("'Consumer' (1/1)", [new InputChannelSpec(id, true)]),
            to.Serializers,
            _consumer.Raise,
            to.Batches);
        Output = from.Network.CreateOutput<T>(
            new OutputSpec
            {
                Name = "Producer",
                Edge = 0,
                Partitioner = PartitionerKind.Forward,
                Targets = [new OutputTarget(id, to.Exchange.EndPoint)],
                Subtask = 0,
                MaxParallelism = 128,
            },
            partition: null,
            from.Serializers,
            Producer.Raise,
            from.Batches);
    }

    public PartitionOutput<T> Output { get; }

    public IInputGate Gate { get; }

    public WakeSignal Producer { get; } = new();

    public Task ConnectAsync() => Output.ConnectAsync(CancellationToken.None);

    public async Task<StreamElement> TakeAsync()
    {
        StreamElement? element = null;
        await _consumer.UntilAsync("take", () => Gate.TryTake(out _, out element), () => Gate.Counts.ToString());
        return element!;
    }

    public void Dispose()
    {
        Output.Dispose();
        Gate.Dispose();
    }
}

/// <summary>A batch a test holds.</summary>
internal sealed class Held<T>(StreamElement element) : IDisposable
{
    public RecordBatch<T> Batch { get; } = (RecordBatch<T>)element;

    public T[] Records => Batch.Records.ToArray();

    public void Dispose() => Batch.Release();
}
