using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions;
using Millrace.State.Snapshots;

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
    private bool _preparing;
    private SinkWriterSnapshot? _prepared;
    private List<byte[]>? _restored;

    // A snapshot is of what was written before it.
    public override bool CanTake => Volatile.Read(ref _stalled) == 0 && !_preparing;

    public override bool SharesItems => sink.SharesWriterStates;

    public string OperatorId => id;

    public long Written { get; private set; }

    public IReadOnlyList<byte[]> Committables { get; private set; } = [];

    public IReadOnlyList<(string Name, byte[] Bytes)> Returned => _returned;

    private ISinkWriter<T> Writer =>
        _writer ?? throw new InvalidOperationException($"Sink '{Name}' is written to before it was opened.");

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        LoopSinkWriterContext context = new(loop, contextOf(Name), Unstall, Return);
        _writer = _restored is { } states ? sink.RestoreWriter(context, states) : sink.CreateWriter(context);
        _restored = null;
    }

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) =>
        _restored = [.. snapshots.SelectMany(snapshot => snapshot.Items.ReadWriterStates(Name))];

    public override bool PrepareSnapshot()
    {
        if (!_preparing)
        {
            _preparing = true;
            ISinkWriter<T> writer = Writer;
            loop.Run(async cancellationToken =>
            {
                SinkWriterSnapshot snapshot = await writer.SnapshotAsync(cancellationToken);
                loop.Post(() => _prepared = snapshot);
            });
        }

        return _prepared is not null;
    }

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        SinkWriterSnapshot prepared = _prepared
            ?? throw new InvalidOperationException($"Sink '{Name}' is saved before it was prepared for that.");
        _prepared = null;
        _preparing = false;
        loop.Wake();
        return new FrozenOperator
        {
            Items = new OperatorItems([], prepared.States),
            Committables = prepared.Committables,
        };
    }

    public override int Process(RecordBatch<T> batch, int start, int end)
    {
        // Set before the write, so that a wake-up that comes while it returns is not lost.
        Volatile.Write(ref _stalled, 1);
        int taken = Writer.Write(batch.Records[start..end]);
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
        if (_preparing)
        {
            return false;
        }

        Writer.WriteWatermark(watermark);
        return true;
    }

    public override void Change(WatermarkStatus status)
    {
        // Whether more comes soon is nothing that a writer could act on.
    }

    public override bool Finish()
    {
        if (_preparing)
        {
            return false;
        }

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
