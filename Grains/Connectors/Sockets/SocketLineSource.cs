namespace Millrace.Connectors.Sockets;

/// <summary>Lines from one server, by one subtask.</summary>
internal sealed class SocketLineSource(SocketSplit server, SocketSourceOptions options) : Source<string, SocketSplit>
{
    public override Boundedness Boundedness =>
        options.EndsWithConnection ? Boundedness.Bounded : Boundedness.Continuous;

    public override string Name => $"Socket {server}";

    public override int? MaxParallelism => 1;

    public override ISplitEnumerator<SocketSplit> CreateEnumerator(SplitEnumeratorContext context) =>
        new OneServer(server, null);

    public override ISplitEnumerator<SocketSplit> RestoreEnumerator(
        SplitEnumeratorContext context, byte[] snapshot) => new OneServer(server, snapshot);

    public override ISourceReader<string, SocketSplit> CreateReader(SourceReaderContext context) =>
        new SocketReader(options, context);

    private sealed class OneServer(SocketSplit server, byte[]? snapshot) : SplitQueue<SocketSplit>(snapshot)
    {
        protected override ValueTask<IReadOnlyList<SocketSplit>> FindAsync(CancellationToken cancellationToken) =>
            new([server]);
    }
}
