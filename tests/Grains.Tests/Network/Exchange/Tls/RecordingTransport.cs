using System.Net;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Keeps what is written to the connections that it opens.</summary>
internal sealed class RecordingTransport(ITransport inner) : ITransport
{
    private readonly List<byte> _written = [];
    private int _writes;

    /// <summary>Calls by which it was written.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public ReadOnlySpan<byte> Written
    {
        get
        {
            lock (_written)
            {
                return _written.ToArray();
            }
        }
    }

    public ITransportListener Listen(EndPoint endPoint) => inner.Listen(endPoint);

    public async ValueTask<ITransportConnection> ConnectAsync(
        EndPoint endPoint, CancellationToken cancellationToken) =>
        new RecordingConnection(await inner.ConnectAsync(endPoint, cancellationToken), this);

    private void Record(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        lock (_written)
        {
            _writes++;
            foreach (ReadOnlyMemory<byte> part in parts)
            {
                _written.AddRange(part.Span);
            }
        }
    }

    private sealed class RecordingConnection(ITransportConnection connection, RecordingTransport transport)
        : ITransportConnection
    {
        public string RemoteName => connection.RemoteName;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            connection.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
        {
            transport.Record(parts);
            return connection.WriteAsync(parts, cancellationToken);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
