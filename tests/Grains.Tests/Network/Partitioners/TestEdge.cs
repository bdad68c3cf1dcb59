using Millrace.Batches;
using Millrace.Execution;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Serialization;
using Millrace.Tasks;

namespace Millrace.Network.Partitioners;

/// <summary>One producing subtask and all its consumers on one silo, in the test's thread.</summary>
internal sealed class TestEdge<T> : IDisposable
{
    private readonly SystemExecution _execution = new(
        new WorkerOptions { Threads = 1 }, new SocketTransport(), TimeProvider.System);

    private readonly IInputGate[] _gates;

    public TestEdge(
        PartitionerKind kind, int consumers, PartitionTransformation<T>? partition = null, int subtask = 0,
        int keyGroups = 128, bool timestamps = false)
    {
        NetworkEnvironment network = new(_execution, new NetworkOptions());
        ChannelId[] ids = [.. Enumerable.Range(0, consumers).Select(IdOf)];
        SerializerSet serializers = new();
        _gates =
        [
            .. ids.Select((id, consumer) => network.CreateGate<T>(
                new InputGateSpec($"'Consumer' ({consumer + 1})", [new InputChannelSpec(id, false)], timestamps),
                serializers,
                () => { },
                Account)),
        ];
        Output = network.CreateOutput(
            new OutputSpec
            {
                Name = "Producer",
                Consumer = "Consumer",
                Edge = 0,
                Partitioner = kind,
                Targets = [.. ids.Select(id => new OutputTarget(id, null))],
                Subtask = subtask,
                MaxParallelism = keyGroups,
                HasTimestamps = timestamps,
            },
            partition,
            serializers,
            () => { },
            Account);
    }

    /// <summary>Something to partition.</summary>
    public static Transformation<T> Input => new ElementsTransformation<T>([]);

    public PartitionOutput<T> Output { get; }

    public BatchAccount Account { get; } = new();

    /// <summary>What has reached a consumer and was not read before.</summary>
    public List<StreamElement> Elements(int consumer)
    {
        List<StreamElement> elements = [];
        while (_gates[consumer].TryTake(out _, out StreamElement? element))
        {
            elements.Add(element!);
        }

        return elements;
    }

    /// <summary>The records that have reached a consumer and were not read before.</summary>
    public List<T> Records(int consumer)
    {
        List<T> records = [];
        foreach (RecordBatch<T> batch in Elements(consumer).OfType<RecordBatch<T>>())
        {
            records.AddRange(batch.Records);
            batch.Release();
        }

        return records;
    }

    public void Dispose()
    {
        Output.Dispose();
        foreach (IInputGate gate in _gates)
        {
            gate.Dispose();
        }

        _execution.Dispose();
        Assert.AreEqual(0, Account.Outstanding, "batches not given back");
    }

    private static ChannelId IdOf(int consumer)
    {
        JobId job = new(new Id128(7, 7));
        return new ChannelId(
            0,
            new ExecutionAttemptId(job, new VertexId(new Id128(1, 1)), 0, 0),
            new ExecutionAttemptId(job, new VertexId(new Id128(2, 2)), consumer, 0));
    }
}
