using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Millrace.Network.Exchange.Tls;

namespace Millrace.Pairs.Sockets;

/// <summary>Reads what the first process writes through TLS.</summary>
internal sealed class ReceivingTls : IPeerRole
{
    private readonly byte[] _frame = new byte[SendingSocket.FrameBytes];
    private TcpListener? _listener;
    private TlsIdentity? _identity;
    private SslStream? _stream;

    /// <inheritdoc/>
    public string Do(string verb, string[] arguments) => verb switch
    {
        "listen" => Listen(arguments[0]),
        "accept" => Accept(),
        "receive" => Receive(int.Parse(arguments[0], CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"TLS does not '{verb}'."),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener?.Dispose();
        _stream?.Dispose();
    }

    private string Listen(string identity)
    {
        Dispose();
        _identity = PairIdentity.Read(identity);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        return ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private string Accept()
    {
        TlsIdentity own = _identity ?? throw new InvalidOperationException("Nobody listens.");
        Socket socket = _listener!.AcceptSocket();
        socket.NoDelay = true;
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        _stream.AuthenticateAsServer(own.ForServer((_, shown, chain, errors) =>
            own.WhyNot(shown, chain, errors) is null));
        return "";
    }

    private string Receive(int frames)
    {
        SslStream stream = _stream ?? throw new InvalidOperationException("Nobody has connected.");
        byte[] acknowledgement = new byte[1];
        for (int i = 1; i <= frames; i++)
        {
            stream.ReadExactly(_frame);
            if (i % SendingSocket.AcknowledgedFrames == 0)
            {
                stream.Write(acknowledgement);
            }
        }

        return "";
    }
}
