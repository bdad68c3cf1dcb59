using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Serialization;

namespace Millrace.Operators.Sorting;

/// <summary>Sorts records by the hash of their key, those of one key by timestamp and then as they came, within a
/// budget of memory: what does not fit goes to the disk in sorted runs, which are merged at the end.</summary>
/// <remarks>
/// Belongs to one loop, but for <see cref="SpillAsync"/> and <see cref="LoadAsync"/>, during which nothing else is
/// called. Two keys of one hash stay mixed: whoever needs them apart has to hold both, which is next to never. So no
/// key is written, and none compared.
/// </remarks>
internal sealed class RecordSorter<T>(TypeSerializer<T> serializer, SpillSpace space, int budgetBytes) : IDisposable
{
    private const int FirstEntries = 256;

    // Of the file alone: a spill that begins when the sorter is gone must not leave one behind.
    private readonly Lock _lock = new();
    private readonly RecordWriter _records = new();
    private readonly List<SortedRun> _runs = [];
    private SortEntry[] _entries = new SortEntry[FirstEntries];
    private SortEntry[] _spare = [];
    private int _count;
    private SpillFile? _file;
    private bool _disposed;
    private MergeQueue? _merge;
    private ISortedCursor? _waiting;

    /// <summary>Whether more may be added before what is there was spilled.</summary>
    public bool HasRoom => _records.Length + ((long)_count * SortEntry.Bytes) < budgetBytes;

    /// <summary>Bytes that stay in memory.</summary>
    public int BudgetBytes => budgetBytes;

    /// <summary>Number of runs on the disk.</summary>
    public int Runs => _runs.Count;

    /// <summary>Takes a record.</summary>
    /// <param name="hash">Of its key.</param>
    /// <param name="timestamp">Its time; the same for all on an edge without timestamps.</param>
    /// <param name="record">The record, which is copied.</param>
    public void Add(ulong hash, long timestamp, in T record)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, checked(2 * _count));
        }

        int offset = _records.Length;
        serializer.Write(_records, in record);
        _entries[_count++] = new SortEntry(hash, timestamp, offset, _records.Length - offset);
    }

    /// <summary>Writes what is there to the disk, sorted.</summary>
    /// <exception cref="SpillFailedException">The disk is full, or fails.</exception>
    /// <exception cref="SpillBudgetExceededException">The silo's budget does not allow it.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed before this began.</exception>
    public async Task SpillAsync()
    {
        Sort();
        SpillFile file = OpenFile();
        _runs.Add(await SortedRun.WriteAsync(file, _entries.AsMemory(0, _count), _records.WrittenMemory));
        _records.Reset();
        _count = 0;
    }

    /// <summary>Everything has been added: what is in memory is the last run.</summary>
    /// <remarks>Afterwards every run on the disk waits for its first part: <see cref="TryPeek"/> says so.</remarks>
    public void BeginRead()
    {
        Sort();
        _merge = new MergeQueue(_runs.Count + 1);
        for (int run = 0; run < _runs.Count; run++)
        {
            _merge.ToLoad(new RunCursor(_file!, _runs[run], run));
        }

        _merge.Add(new MemoryCursor(_entries.AsMemory(0, _count), _records.WrittenMemory, _runs.Count));
    }

    /// <summary>Looks at the next record.</summary>
    /// <param name="place">Where it stands, when there is one at hand.</param>
    /// <returns><see cref="SortedStatus.Ready"/>, <see cref="SortedStatus.ToLoad"/> or
    /// <see cref="SortedStatus.End"/>.</returns>
    public SortedStatus TryPeek(out SortPlace place)
    {
        place = default;
        if (_waiting is not null || _merge!.TryTakeToLoad(out _waiting))
        {
            return SortedStatus.ToLoad;
        }

        if (!_merge.TryPeek(out ISortedCursor? next))
        {
            return SortedStatus.End;
        }

        place = next.Place;
        return SortedStatus.Ready;
    }

    /// <summary>Adds records to a batch until it is full, or one is not at hand, or stands behind a place.</summary>
    /// <param name="batch">With room for one at least.</param>
    /// <param name="last">The last place of a record that is taken.</param>
    /// <returns><see cref="SortedStatus.Ready"/> when the batch is full, or the next record stands behind that place;
    /// else as <see cref="TryPeek"/>.</returns>
    public SortedStatus Fill(RecordBatch<T> batch, in SortPlace last)
    {
        while (batch.Count < batch.Capacity)
        {
            SortedStatus status = TryPeek(out SortPlace place);
            if (status != SortedStatus.Ready || last.IsBefore(in place))
            {
                return status;
            }

            Take(place.Timestamp, batch);
        }

        return SortedStatus.Ready;
    }

    /// <summary>Fetches what is missing, after <see cref="SortedStatus.ToLoad"/>.</summary>
    /// <exception cref="SpillFailedException">It cannot be read, or is damaged.</exception>
    public async Task LoadAsync()
    {
        await ((RunCursor)_waiting!).LoadAsync();
        _merge!.Add(_waiting);
        _waiting = null;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _file?.Dispose();
        _records.Dispose();
        _entries = [];
        _spare = [];
        _count = 0;
    }

    private SpillFile OpenFile()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _file ??= space.Create();
        }
    }

    private void Take(long timestamp, RecordBatch<T> batch)
    {
        _merge!.TryPeek(out ISortedCursor? next);
        var reader = new RecordReader(next!.Record);
        batch.Values[batch.Count] = serializer.Read(ref reader);
        reader.ExpectEnd();
        if (batch.Timestamps is long[] timestamps)
        {
            timestamps[batch.Count] = timestamp;
        }

        batch.Count++;
        _merge.MoveFirst();
    }

    private void Sort()
    {
        if (_spare.Length < _count)
        {
            _spare = new SortEntry[_entries.Length];
        }

        EntryOrder.Sort(_entries.AsSpan(0, _count), _spare.AsSpan(0, _count));
    }
}

/// <summary>What a sorter has.</summary>
internal enum SortedStatus
{
    /// <summary>There is a record at hand.</summary>
    Ready,

    /// <summary>Nothing before more is loaded.</summary>
    ToLoad,

    /// <summary>That was the last record.</summary>
    End,
}
