namespace Millrace.Connectors.Hybrid;

/// <summary>Reads splits of several sources, those of an earlier source first.</summary>
internal sealed class HybridReader<T>(IReadOnlyList<HybridPart<T>> parts, SourceReaderContext context)
    : ISourceReader<T, HybridSplit>
{
    // In the order of the sources. Asked by index: going through them makes nothing.
    private readonly SortedList<int, Inner> _inners = [];

    // Ended as far as event time goes; told one at a time.
    private readonly Queue<int> _ended = new();
    private Inner? _last;

    // The one whose turn it is: what fails in a read is its own.
    private Inner? _reading;
    private int _splits;
    private bool _noMoreSplits;

    public bool TellsSplits => true;

    public void AddSplit(HybridSplit split)
    {
        if (!_inners.TryGetValue(split.Source, out Inner? inner))
        {
            inner = new Inner(split.Source, parts[split.Source].Reader(context));
            _inners.Add(split.Source, inner);
            if (_noMoreSplits)
            {
                inner.Reader.NoMoreSplits();
            }
        }

        // A reader that does not tell splits apart has one time for all of them: that of the first.
        if (inner.Numbers.Count > 0 && !inner.Reader.TellsSplits)
        {
            _ended.Enqueue(_splits);
        }

        inner.Numbers.Add(_splits++);
        inner.Reader.AddSplit(split.Split);
    }

    public void NoMoreSplits()
    {
        _noMoreSplits = true;
        foreach (Inner inner in _inners.Values)
        {
            inner.Reader.NoMoreSplits();
        }
    }

    public ReadStatus Read(ref SourceBatch<T> batch)
    {
        if (_ended.TryDequeue(out int ended))
        {
            batch.Split = ended;
            batch.IsSplitEnd = true;
            return ReadStatus.More;
        }

        for (int i = 0; i < _inners.Count; i++)
        {
            Inner inner = _inners.GetValueAtIndex(i);
            _reading = inner;
            ReadStatus status = inner.Reader.Read(ref batch);
            _last = inner;
            if (batch.Count > 0 || batch.IsSplitEnd)
            {
                batch.Split = inner.NumberOf(batch.Split);
                return status == ReadStatus.NothingNow ? status : ReadStatus.More;
            }

            if (status is ReadStatus.More or ReadStatus.NothingNow)
            {
                return status;
            }
        }

        LetGo();
        return _noMoreSplits ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
    }

    public IReadOnlyList<HybridSplit> Snapshot() =>
    [
        .. _inners.Values.SelectMany(inner => inner.Reader.Snapshot().Select(
            split => new HybridSplit(inner.Source, split))),
    ];

    public void CheckpointCompleted(long checkpoint)
    {
        foreach (Inner inner in _inners.Values)
        {
            inner.Reader.CheckpointCompleted(checkpoint);
        }
    }

    public string? DescribePosition(int index) => _last?.Reader.DescribePosition(index);

    public string? DescribeFailure() => _reading?.Reader.DescribeFailure();

    public async ValueTask DisposeAsync()
    {
        foreach (Inner inner in _inners.Values)
        {
            await inner.Reader.DisposeAsync();
        }
    }

    // All have read what they had: of those, only the reader of the latest source is likely to get more.
    private void LetGo()
    {
        int latest = _inners.Keys.LastOrDefault();
        foreach (Inner inner in _inners.Values.Where(inner => inner.Source < latest).ToArray())
        {
            if (!inner.Reader.TellsSplits)
            {
                _ended.Enqueue(inner.Numbers[0]);
            }

            _inners.Remove(inner.Source);
            context.Run(_ => inner.Reader.DisposeAsync());
        }
    }

    private sealed class Inner(int source, ISourceReader<T, byte[]> reader)
    {
        public int Source => source;

        public ISourceReader<T, byte[]> Reader => reader;

        /// <summary>The numbers of its splits among all.</summary>
        public List<int> Numbers { get; } = [];

        public int NumberOf(int split) => Numbers[reader.TellsSplits ? split : 0];
    }
}
