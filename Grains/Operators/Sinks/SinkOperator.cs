using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions;

namespace Millrace.Operators.Sinks;

/// <summary>What a sink leaves when its subtask has finished.</summary>
internal interface ISinkResult
{
    /// <summary>32 hexadecimal digits.</summary>
    string OperatorId { get; }

    /// <summary>Records written.</summary>
    long Written { get; }

    /// <summary>What the sink's committer needs.</summary>
    IReadOnlyList<byte[]> Committables { get; }

    /// <summary>Bytes for the client, by name.</summary>
    IReadOnlyList<(string Name, byte[] Bytes)> Returned { get; }
}

/// <summary>Writes records into a sink: the end of a chain.</summary>
internal sealed class SinkOperator<T>(string name, string id, Sink<T> sink, ISubtaskLoop loop)
    : StreamOperator<T>(name), ISinkResult
{
    private readonly List<(string Name, byte[] Bytes)> _returned = [];
    private ISinkWriter<T>? _writer;
    private int _stalled;
    private bool _finishing;

    public override bool CanTake => Volatile.Read(ref _stalled) == 0;

    public string OperatorId => id;

    public long Written { get; private set; }

    public IReadOnlyList<byte[]> Committables { get; private set; } = [];

    public IReadOnlyList<(string Name, byte[] Bytes)> Returned => _returned;

    private ISinkWriter<T> Writer =>
        _writer ?? throw new InvalidOperationException($"Sink '{Name}' is written to before it was opened.");

    public override void Open(Func<string, RuntimeContext> contextOf) =>
        _writer = sink.CreateWriter(new LoopSinkWriterContext(loop, contextOf(Name), Unstall, Return));

    public override int Process(RecordBatch<T> batch, int start, int end)
    {
        // Set before the write, so that a wake-up that comes while it returns is not lost.
        Volatile.Write(ref _stalled, 1);
        int taken = Writer.Write(batch.Values.AsSpan(start, end - start));
        if ((uint)taken > (uint)(end - start))
        {
            throw new InvalidOperationException(
                $"The writer of '{Name}' says it took {taken} records; it was offered {end - start}.");
        }

        Written += taken;
        if (taken == end - start)
        {
            Volatile.Write(ref _stalled, 0);
        }

        return start + taken;
    }

    public override bool Advance(long watermark)
    {
        Writer.WriteWatermark(watermark);
        return true;
    }

    public override void Change(WatermarkStatus status)
    {
        // Whether more comes soon is nothing that a writer could act on.
    }

    public override bool Finish()
    {
        if (!_finishing)
        {
            _finishing = true;
            ISinkWriter<T> writer = Writer;
            loop.Run(async cancellationToken =>
            {
                IReadOnlyList<byte[]> committables = await writer.FinishAsync(cancellationToken);
                loop.Post(() => Finished(committables));
            });
        }

        return IsFinished;
    }

    public override void EndRound()
    {
    }

    public override void Dispose()
    {
        if (_writer is ISinkWriter<T> writer)
        {
            _writer = null;
            loop.Run(_ => writer.DisposeAsync());
        }
    }

    private void Finished(IReadOnlyList<byte[]> committables)
    {
        Committables = committables;
        IsFinished = true;
    }

    private void Return(string returnName, byte[] bytes)
    {
        lock (_returned)
        {
            _returned.Add((returnName, bytes));
        }
    }

    private void Unstall()
    {
        Volatile.Write(ref _stalled, 0);
        loop.Wake();
    }
}
