using System.Net;
using System.Net.Sockets;
using Millrace.Failures;

namespace Millrace.Connectors.Sockets;

[TestClass]
public sealed class SocketSourceTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly TestSourceReaderContext _context = new();

    public SocketSourceTests()
    {
        _server.Start();
        _context.OffLoop.IsImmediate = false;
    }

    private int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    public void Dispose() => _server.Dispose();

    [TestMethod]
    public async Task Lines_come_until_the_server_closes_the_connection()
    {
        await using ISourceReader<string, SocketSplit> reader =
            Reader(options => options.EndsWithConnection = true);
        Task receiving = Task.Run(_context.OffLoop.RunNextAsync);
        await SendAsync("first\r\n\nth");
        await receiving;
        _context.OffLoop.ThrowIfFailed();
        reader.NoMoreSplits();

        CollectionAssert.AreEqual(new[] { "first", "", "th" }, ReadAll(reader, out ReadStatus status));
        Assert.AreEqual(ReadStatus.EndOfInput, status);
    }

    [TestMethod]
    public async Task A_closed_connection_is_made_again_and_tries_are_bounded()
    {
        await using ISourceReader<string, SocketSplit> reader = Reader(options =>
        {
            options.ConnectAttempts = 2;
            options.ReconnectDelay = TimeSpan.FromMilliseconds(1);
        });
        Task receiving = Task.Run(_context.OffLoop.RunNextAsync);
        await SendAsync("a\n");
        await SendAsync("b\n");
        _server.Stop();
        await receiving;

        var failure = Assert.IsInstanceOfType<SocketReadException>(_context.OffLoop.Failure);
        Assert.Contains("2 tries failed", failure.Message);
        Assert.AreEqual(Recovery.Restart, failure.Recovery);
        CollectionAssert.AreEqual(new[] { "a", "b" }, ReadAll(reader, out _));
    }

    [TestMethod]
    public async Task A_line_that_is_too_long_fails_for_good()
    {
        await using ISourceReader<string, SocketSplit> reader = Reader(options => options.MaxLineBytes = 4);
        Task receiving = Task.Run(_context.OffLoop.RunNextAsync);
        await SendAsync("12345");
        await receiving;

        var failure = Assert.IsInstanceOfType<SocketReadException>(_context.OffLoop.Failure);
        Assert.AreEqual(Recovery.Fail, failure.Recovery);
    }

    // With a full queue the receiver waits; nobody reads, and the subtask is canceled.
    [TestMethod]
    public async Task A_receiver_that_waits_for_room_ends_with_its_subtask()
    {
        await using ISourceReader<string, SocketSplit> reader = Reader(options => options.MaxQueuedLines = 1);
        Task receiving = Task.Run(_context.OffLoop.RunNextAsync);
        await SendAsync("1\n2\n3\n");

        _context.OffLoop.Cancel();

        await receiving;
        Assert.IsNull(_context.OffLoop.Failure);
    }

    private ISourceReader<string, SocketSplit> Reader(Action<SocketSourceOptions> configure)
    {
        ISourceReader<string, SocketSplit> reader =
            SocketSource.Lines("127.0.0.1", Port, configure).CreateReader(_context);
        reader.AddSplit(new SocketSplit("127.0.0.1", Port));
        return reader;
    }

    private async Task SendAsync(string text)
    {
        using TcpClient client = await _server.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static List<string> ReadAll(ISourceReader<string, SocketSplit> reader, out ReadStatus status)
    {
        List<string> read = [];
        string[] room = new string[2];
        do
        {
            SourceBatch<string> batch = new(room);
            status = reader.Read(ref batch);
            read.AddRange(room[..batch.Count]);
        }
        while (status == ReadStatus.More);

        return read;
    }
}
