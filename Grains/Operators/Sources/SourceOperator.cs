using Millrace.Batches;
using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Functions;
using Millrace.Jobs;
using Millrace.Operators.EventTime;
using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Sources;

/// <summary>Reads the splits of a source and emits their records: the head of a chain.</summary>
/// <param name="name">Its name in the plan.</param>
/// <param name="id">Under which the job's side knows the source.</param>
/// <param name="source">What to read.</param>
/// <param name="tools">The loop and what belongs to it.</param>
/// <param name="watermarks">Makes timestamps and watermarks; null where the program has no event time here.</param>
/// <param name="output">Takes the records.</param>
internal sealed class SourceOperator<T, TSplit>(
    string name,
    string id,
    Source<T, TSplit> source,
    SourceTools<TSplit> tools,
    WatermarkEmitter<T>? watermarks,
    Output<T> output)
    : StreamOperator(name), IChainHead
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(10);

    private readonly List<TSplit> _restored = [];
    private readonly SourceAlignment? _alignment = watermarks?.AlignmentOf(id);
    private ISourceReader<T, TSplit>? _reader;
    private ReadStatus _status = ReadStatus.More;
    private bool _asking;
    private bool _tellsSplits;
    private bool _isReading;
    private int _lastCount;
    private long _received;

    public long Records { get; private set; }

    public long Batches { get; private set; }

    public long Watermark => watermarks?.Watermark ?? RecordBatch.NoWatermark;

    public bool HasSeenEnd => IsFinished;

    public SplitsReceived SplitsReceived => new(OperatorId.Parse(id), _received);

    public override bool CanTake => output.IsAvailable;

    private ISourceReader<T, TSplit> Reader =>
        _reader ?? throw new InvalidOperationException($"Source '{Name}' is read before it was opened.");

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        _reader = source.CreateReader(new LoopSourceReaderContext(tools.Loop, contextOf(Name)));
        _tellsSplits = _reader.TellsSplits;
        watermarks?.Start(_tellsSplits);
        foreach (TSplit split in _restored)
        {
            AddSplit(split);
        }

        _restored.Clear();
    }

    public override string? FailedPosition => _isReading ? _reader?.DescribeFailure() : null;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        foreach (OperatorSnapshot snapshot in snapshots)
        {
            _restored.AddRange(snapshot.Items.ReadSplits<TSplit>(Name, tools.Serializers));
        }
    }

    public override FrozenOperator Freeze(in SnapshotOrder order) => new()
    {
        Items = OperatorItems.Of(Reader.Snapshot(), tools.SplitSerializer),
    };

    public override void CheckpointCompleted(long checkpoint) => Reader.CheckpointCompleted(checkpoint);

    public HeadStatus Run()
    {
        try
        {
            StreamOperator? caller = tools.Failure.Enter(this);
            HeadStatus status = Read();
            tools.Failure.Leave(caller);
            return status;
        }
        catch (Exception exception) when (tools.Failure.Note(exception, this))
        {
            throw;
        }
    }

    public string? DescribePosition(int index)
    {
        if (_lastCount == 0 || _reader is null)
        {
            return null;
        }

        return index >= 0 || _lastCount == 1
            ? _reader.DescribePosition(Math.Clamp(index, 0, _lastCount - 1))
            : $"{_reader.DescribePosition(0)} to {_reader.DescribePosition(_lastCount - 1)}";
    }

    public override void EndRound() => output.EndRound();

    public override void Dispose()
    {
        output.Dispose();
        if (_reader is ISourceReader<T, TSplit> reader)
        {
            _reader = null;
            tools.Loop.Run(_ => reader.DisposeAsync());
        }
    }

    private HeadStatus Read()
    {
        while (!tools.Clock.IsOver)
        {
            if (IsFinished)
            {
                return HeadStatus.Finished;
            }

            if (!output.IsAvailable)
            {
                return HeadStatus.Backpressured;
            }

            if (_asking)
            {
                return Wait();
            }

            if (_alignment?.Holds(watermarks!.Pace) == true)
            {
                watermarks!.Tick();
                return HeadStatus.Held;
            }

            _status = ReadBatch();
            switch (_status)
            {
                case ReadStatus.NothingNow:
                    return Wait();
                case ReadStatus.NeedSplit:
                    AskForSplit();
                    return Wait();
                case ReadStatus.EndOfInput:
                    Finish();
                    return HeadStatus.Finished;
                default:
                    break;
            }
        }

        return HeadStatus.Ready;
    }

    // No records: only the clock may move time on.
    private HeadStatus Wait()
    {
        if (!output.IsAvailable)
        {
            return HeadStatus.Backpressured;
        }

        watermarks?.Tick();
        _alignment?.Holds(watermarks!.Pace);
        return HeadStatus.Idle;
    }

    public void EndTime()
    {
        if (watermarks is null)
        {
            output.EmitWatermark(long.MaxValue);
            return;
        }

        watermarks.End();
    }

    private void Finish()
    {
        EndTime();
        output.Emit(EndOfData.Instance);
        IsFinished = true;
    }

    private ReadStatus ReadBatch()
    {
        Span<T> room = output.Room();
        Span<long> timestamps = output.TimestampRoom();
        timestamps.Fill(RecordBatch.NoTimestamp);
        var batch = new SourceBatch<T>(room, timestamps, output.CanLend);

        // What fails while it reads is not in the batch before.
        _lastCount = 0;
        _isReading = true;
        ReadStatus status = Reader.Read(ref batch);
        _isReading = false;
        if (batch.Count > 0)
        {
            _lastCount = batch.Count;
            Records += batch.Count;
            Batches++;
            Emit(in batch, room, timestamps);

            // A batch within the chain holds the records of one read, so that a failing one can be traced to its place.
            output.EndRound();
        }

        if (_tellsSplits && batch.IsSplitEnd)
        {
            watermarks?.EndSplit(batch.Split);
        }

        tools.Clock.Read();
        return status;
    }

    private void Emit(in SourceBatch<T> batch, ReadOnlySpan<T> room, Span<long> timestamps)
    {
        bool isLent = batch.Lent.Count > 0;
        ReadOnlySpan<T> records = isLent ? batch.Lent : room[..batch.Count];
        long watermark = RecordBatch.NoWatermark;
        if (watermarks is not null)
        {
            watermarks.Begin();
            watermark = watermarks.Take(_tellsSplits ? batch.Split : 0, records, timestamps[..batch.Count]);
        }

        if (isLent)
        {
            output.Lend(batch.Lent, watermark);
            return;
        }

        output.Advance(batch.Count, watermark);
    }

    private void AskForSplit()
    {
        _asking = true;
        tools.Loop.Run(async cancellationToken =>
        {
            SplitAnswer answer = await tools.Loop.RequestSplitAsync(id, cancellationToken);
            if (answer.Kind == SplitAssignmentKind.NotNow)
            {
                await tools.Loop.DelayAsync(AskAgainAfter, cancellationToken);
            }

            tools.Loop.Post(() => Take(answer));
        });
    }

    private void AddSplit(TSplit split)
    {
        if (_tellsSplits)
        {
            watermarks?.AddSplit();
        }

        Reader.AddSplit(split);
    }

    private void Take(SplitAnswer answer)
    {
        _asking = false;
        switch (answer.Kind)
        {
            case SplitAssignmentKind.Assigned:
                _received++;
                var bytes = new RecordReader(answer.Split);
                AddSplit(tools.SplitSerializer.Read(ref bytes));
                break;
            case SplitAssignmentKind.NoMore:
                Reader.NoMoreSplits();
                break;
            default:
                break;
        }
    }
}

/// <summary>What a source operator is built with beside its source.</summary>
/// <param name="Loop">The loop it belongs to.</param>
/// <param name="Clock">The clock of its rounds.</param>
/// <param name="Failure">Where it notes its failure.</param>
/// <param name="Serializers">Those of the job.</param>
internal sealed record SourceTools<TSplit>(
    ISubtaskLoop Loop, RoundClock Clock, ChainFailure Failure, SerializerSet Serializers)
{
    /// <summary>Reads the splits that the job's side sends, and writes those of snapshots.</summary>
    public TypeSerializer<TSplit> SplitSerializer { get; } = Serializers.Get<TSplit>();
}
