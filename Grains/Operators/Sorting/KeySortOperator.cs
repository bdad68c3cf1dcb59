using Millrace.Batches;
using Millrace.Functions;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Sorting;

/// <summary>In front of a keyed operator over bounded input: takes all of it, and gives it on key by key, so that the
/// operator holds one key's state at a time. Stands for the operator in its chain.</summary>
/// <remarks>The operator behind it sees a key's records in the order of their timestamps, where there are any, then
/// <see cref="StreamOperator{TIn}.EndKeys"/>; the watermark and the end of data when all keys are done.</remarks>
internal sealed class KeySortOperator<TKey, TIn> : StreamOperator<TIn>
{
    private readonly StreamOperator<TIn> _target;
    private readonly OperatorInput<TIn> _feed;
    private readonly Func<TIn, TKey> _keySelector;
    private readonly KeyHasher<TKey> _hasher;
    private readonly RecordSorter<TIn> _sorter;
    private readonly BatchPool<TIn> _pool;
    private readonly SortTools _tools;
    private RecordBatch<TIn>? _batch;
    private long _watermark = RecordBatch.NoWatermark;
    private bool _reading;
    private bool _groupEnds;
    private bool _allRead;

    // Between the loop and what it has started.
    private bool _busy;

    /// <param name="target">The operator; its owner is this one.</param>
    /// <param name="keySelector">The key of a record.</param>
    /// <param name="hasher">Of keys.</param>
    /// <param name="sorter">Sorts; its owner is this one.</param>
    /// <param name="pool">Batches for the operator.</param>
    /// <param name="tools">The loop it belongs to.</param>
    public KeySortOperator(
        StreamOperator<TIn> target,
        Func<TIn, TKey> keySelector,
        KeyHasher<TKey> hasher,
        RecordSorter<TIn> sorter,
        BatchPool<TIn> pool,
        SortTools tools)
        : base(target.Name)
    {
        _target = target;
        _keySelector = keySelector;
        _hasher = hasher;
        _sorter = sorter;
        _pool = pool;
        _tools = tools;
        _feed = new OperatorInput<TIn>(target, tools.Clock, tools.Failure);
    }

    public override string FailedName => _target.FailedName;

    public override string WorkName => _target.WorkName;

    public override bool CanTake => !Volatile.Read(ref _busy);

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) => _target.Restore(snapshots);

    public override OperatorSnapshot Snapshot() => _target.Snapshot();

    public override void Open(Func<string, RuntimeContext> contextOf) => _target.Open(contextOf);

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        ulong[]? carried = batch.Hashes;
        int position = start;
        for (; position < end && _sorter.HasRoom; position++)
        {
            Record = position;
            TIn record = batch.Values[position];
            _sorter.Add(
                carried is null ? HashOf(record) : carried[position],
                batch.Timestamps is long[] timestamps ? timestamps[position] : RecordBatch.NoTimestamp,
                in record);
        }

        if (!_sorter.HasRoom)
        {
            Begin(_sorter.SpillAsync);
        }

        return position;
    }

    public override bool Advance(long watermark)
    {
        _watermark = Math.Max(_watermark, watermark);
        return true;
    }

    public override void Change(WatermarkStatus status)
    {
        // Nothing goes on before the end, when time is of no interest any more.
    }

    public override bool Finish()
    {
        if (!CanTake)
        {
            return false;
        }

        if (!_reading)
        {
            _reading = true;
            _sorter.BeginRead();
        }

        if (!Feed() || (_watermark != RecordBatch.NoWatermark && !_target.Advance(_watermark)))
        {
            return false;
        }

        IsFinished = _target.Finish();
        return IsFinished;
    }

    public override void EndRound() => _target.EndRound();

    public override void Dispose()
    {
        _feed.Dispose();
        _batch?.Release();
        _batch = null;
        try
        {
            _target.Dispose();
        }
        finally
        {
            // What is under way fails on the closed file, and is told to nobody: the subtask ends.
            _sorter.Dispose();
        }
    }

    private ulong HashOf(TIn record)
    {
        TKey key = _keySelector(record);
        return key is null
            ? throw new InvalidOperationException($"The key of '{Name}' is null.")
            : _hasher.Hash(in key);
    }

    // One group after the other, as far as the operator and the round go.
    private bool Feed()
    {
        while (true)
        {
            if (!_feed.IsEmpty && !_feed.Run())
            {
                return false;
            }

            if (_groupEnds)
            {
                if (!_target.EndKeys())
                {
                    return false;
                }

                _groupEnds = false;
            }

            if (_allRead)
            {
                return true;
            }

            if (_tools.Clock.IsOver || !Fill())
            {
                return false;
            }
        }
    }

    private bool Fill()
    {
        RecordBatch<TIn> batch = _batch ??= _pool.Rent();
        SortedStatus status = _sorter.TryFill(batch);
        _allRead = status == SortedStatus.End;
        _groupEnds = status is SortedStatus.End or SortedStatus.GroupEnds;
        if (batch.Count > 0)
        {
            _batch = null;
            _batch = _feed.TryTake(batch) ? batch : null;
        }

        if (status == SortedStatus.ToLoad)
        {
            Begin(_sorter.LoadAsync);
            return false;
        }

        return true;
    }

    private void Begin(Func<Task> work)
    {
        Volatile.Write(ref _busy, true);
        _tools.Loop.Run(async _ =>
        {
            await work();
            Volatile.Write(ref _busy, false);
        });
    }
}

/// <summary>What a sorting operator needs of the loop it belongs to.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Clock">How long its round may take.</param>
/// <param name="Failure">Where failures are noted.</param>
internal sealed record SortTools(ISubtaskLoop Loop, RoundClock Clock, ChainFailure Failure);
