namespace Millrace.Connectors.Files.Reading;

/// <summary>Reads the lines of splits: while one chunk is cut into lines on the loop, the next is fetched off
/// it.</summary>
internal sealed class LineReader : ISourceReader<string, FileSplit>
{
    private readonly Queue<FileSplit> _splits = new();
    private readonly SplitFetcher _fetcher = new();
    private readonly LineCutter _cutter;
    private readonly OffLoopWork _fetching;
    private readonly int _chunkBytes;

    // A chunk is in one of these places, or with the cutter (_cut).
    private FileChunk? _spare;
    private FileChunk? _fetched;
    private FileChunk? _cut;
    private bool _noMoreSplits;

    public LineReader(FileSourceOptions options, SourceReaderContext context)
    {
        _cutter = new LineCutter(options.MaxLineBytes);
        _chunkBytes = options.ChunkBytes;
        _fetching = new OffLoopWork(context.Run, Fetch);
    }

    public void AddSplit(FileSplit split) => _splits.Enqueue(split);

    public void NoMoreSplits() => _noMoreSplits = true;

    public ReadStatus Read(ref SourceBatch<string> batch)
    {
        _cutter.ClearPositions();
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

            // One chunk bounds the bytes of a batch; a batch is of one split.
            if (batch.Count > 0)
            {
                return endsSplit ? StatusWithoutChunk() : ReadStatus.More;
            }
        }

        return ReadStatus.More;
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
