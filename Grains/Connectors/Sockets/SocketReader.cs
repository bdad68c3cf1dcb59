namespace Millrace.Connectors.Sockets;

/// <summary>Hands out lines that a thread of its own receives.</summary>
internal sealed class SocketReader(SocketSourceOptions options, SourceReaderContext context)
    : ISourceReader<string, SocketSplit>
{
    private readonly LineQueue _lines = new(options.MaxQueuedLines);
    private SocketSplit? _server;
    private bool _noMoreSplits;
    private long _read;
    private int _lastCount;

    public void AddSplit(SocketSplit split)
    {
        _server = split;
        SocketReceiver receiver = new(split, options, _lines, context);
        context.RunBlocking($"socket {split}", receiver.Run);
    }

    public void NoMoreSplits() => _noMoreSplits = true;

    public ReadStatus Read(ref SourceBatch<string> batch)
    {
        _lastCount = 0;
        if (_server is null)
        {
            return _noMoreSplits ? ReadStatus.EndOfInput : ReadStatus.NeedSplit;
        }

        _lastCount = _lines.Take(ref batch, out bool isEnd);
        _read += _lastCount;
        if (isEnd)
        {
            _server = null;
            return ReadStatus.More;
        }

        return _lastCount > 0 ? ReadStatus.More : ReadStatus.NothingNow;
    }

    public IReadOnlyList<SocketSplit> Snapshot() => _server is { } server ? [server] : [];

    public string? DescribePosition(int index) => FormattableString.Invariant($"line {_read - _lastCount + index + 1}");

    public ValueTask DisposeAsync()
    {
        _lines.Stop();
        return ValueTask.CompletedTask;
    }
}
