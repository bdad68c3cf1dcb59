using System.Net;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Keeps what is written to the connections that it opens.</summary>
internal sealed class RecordingTransport(ITransport inner) : ITransport
{
    private readonly List<byte> _written = [];

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
        new RecordingConnection(await inner.ConnectAsync(endPoint, cancellationToken), _written);

    private sealed class RecordingConnection(ITransportConnection connection, List<byte> written)
        : ITransportConnection
    {
        public string RemoteName => connection.RemoteName;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            connection.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
        {
            lock (written)
            {
                foreach (ReadOnlyMemory<byte> part in parts)
                {
                    written.AddRange(part.Span);
                }
            }

            return connection.WriteAsync(parts, cancellationToken);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
