using Millrace.Connectors.Files.Parsing;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Reads the records of splits: while one chunk is cut into records on the loop, the next is fetched off
/// it.</summary>
internal sealed class FileReader<T> : ISourceReader<T, FileSplit>
{
    // Not begun to be fetched, and begun but not read to the end: the one at work and perhaps the one after it.
    private readonly Queue<FileSplit> _splits = new();
    private readonly Queue<FileSplit> _begun = new();
    private readonly SplitFetcher _fetcher;
    private readonly RecordCutter<T> _cutter;
    private readonly OffLoopWork _fetching;
    private readonly int _chunkBytes;

    // A chunk is in one of these places, or with the cutter (_cut).
    private FileChunk? _spare;
    private FileChunk? _fetched;
    private FileChunk? _cut;
    private bool _noMoreSplits;
    private int _splitNumber;

    public FileReader(RecordReading<T> reading, FileSourceOptions options, SourceReaderContext context)
    {
        _fetcher = new SplitFetcher(reading.Layout, options.MaxLineBytes);
        _cutter = new RecordCutter<T>(reading, options.MaxLineBytes);
        _chunkBytes = options.ChunkBytes;
        _fetching = new OffLoopWork(context.Run, Fetch);
    }

    public bool TellsSplits => true;

    public void AddSplit(FileSplit split) => _splits.Enqueue(split);

    public void NoMoreSplits() => _noMoreSplits = true;

    public ReadStatus Read(ref SourceBatch<T> batch)
    {
        _cutter.ClearPositions();
        batch.Split = _splitNumber;
        while (!batch.IsFull)
        {
            if (_cut is null && !TryTakeFetched())
            {
                return StatusWithoutChunk();
            }

            if (_cutter.Cut(ref batch) is not { } empty)
            {
                return ReadStatus.More;
            }

            _cut = null;
            bool endsSplit = empty.EndsSplit;
            _spare = empty;
            if (endsSplit)
            {
                EndSplit();
                batch.IsSplitEnd = true;
                return StatusWithoutChunk();
            }

            // One chunk bounds the bytes of a batch.
            if (batch.Count > 0)
            {
                return ReadStatus.More;
            }
        }

        return ReadStatus.More;
    }

    public IReadOnlyList<FileSplit> Snapshot()
    {
        List<FileSplit> left = [.. _begun, .. _splits];
        if (_begun.TryPeek(out FileSplit? current))
        {
            left.RemoveAt(0);
            FileRange[] ranges = current.Ranges[_cutter.RangesDone..];
            if (ranges.Length > 0)
            {
                ranges[0] = ranges[0] with { Start = _cutter.NextPosition ?? ranges[0].Start };
                left.Insert(0, new FileSplit(ranges));
            }
        }

        return left;
    }

    public string? DescribePosition(int index) => _cutter.Positions.Describe(index);

    public async ValueTask DisposeAsync()
    {
        await _fetching.StopAsync();
        _fetcher.Dispose();
        _cutter.Dispose();
        _spare?.Dispose();
        _fetched?.Dispose();
        _cut?.Dispose();
        _spare = _fetched = _cut = null;
    }

    private void EndSplit()
    {
        _begun.Dequeue();
        _cutter.BeginSplit();
        _splitNumber++;
    }

    /// <summary>Takes the chunk that was fetched and has the next one fetched meanwhile.</summary>
    private bool TryTakeFetched()
    {
        // Twice, for work that has ended by the time it was started.
        for (int i = 0; i < 2; i++)
        {
            if (_fetching.IsBusy)
            {
                return false;
            }

            if (_fetched is { } chunk)
            {
                _fetched = null;
                _cut = chunk;
                _cutter.Begin(chunk);
                StartFetching();
                return true;
            }

            StartFetching();
        }

        return false;
    }

    private void StartFetching()
    {
        if (!_fetcher.HasMore && _splits.TryDequeue(out FileSplit? split))
        {
            _fetcher.Begin(split);
            _begun.Enqueue(split);
        }

        if (_fetcher.HasMore)
        {
            _fetched = _spare ?? new FileChunk(_chunkBytes);
            _spare = null;
            _fetching.Start();
        }
    }

    private void Fetch(CancellationToken cancellationToken)
    {
        FileChunk chunk = _fetched!;
        chunk.Clear();
        _fetcher.Fill(chunk, cancellationToken);
    }

    private ReadStatus StatusWithoutChunk()
    {
        if (_fetching.IsBusy)
        {
            return ReadStatus.NothingNow;
        }

        if (_fetched is not null || _fetcher.HasMore || _splits.Count > 0)
        {
            return ReadStatus.More;
        }

        return _noMoreSplits ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
    }
}
