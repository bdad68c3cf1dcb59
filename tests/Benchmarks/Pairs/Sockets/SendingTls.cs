using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Millrace.Measuring;
using Millrace.Network.Exchange.Tls;

namespace Millrace.Pairs.Sockets;

/// <summary>Writes frames to the other process through the class library's TLS and nothing else.</summary>
/// <remarks>As <see cref="SendingSocket"/> does: a window of frames may be under way, and the receiver acknowledges
/// half a window at a time.</remarks>
internal sealed class SendingTls : IDisposable
{
    private readonly Pair _pair;
    private readonly SslStream _stream;
    private readonly byte[] _frame = new byte[SendingSocket.FrameBytes];
    private readonly byte[] _acknowledgement = new byte[1];

    /// <summary>Connects to the other process.</summary>
    public SendingTls(Pair pair, string identity)
    {
        _pair = pair;
        int port = int.Parse(pair.Peer.Ask("tls", "listen", identity), CultureInfo.InvariantCulture);
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        pair.Peer.Tell("tls", "accept");
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        TlsIdentity own = PairIdentity.Read(identity);
        _stream.AuthenticateAsClient(own.ForClient((_, shown, chain, errors) =>
            own.WhyNot(shown, chain, errors) is null));
        pair.Peer.Answer("accept");
        new Random(1).NextBytes(_frame);
    }

    /// <summary>Sends so many frames; their number is a multiple of <see
    /// cref="SendingSocket.AcknowledgedFrames"/>.</summary>
    public Sample Run(int frames) => _pair.Measure((double)frames * SendingSocket.FrameBytes, () =>
    {
        _pair.Peer.Tell("tls", "receive", frames.ToString(CultureInfo.InvariantCulture));
        int underWay = 0;
        for (int i = 0; i < frames; i++)
        {
            if (underWay == 2 * SendingSocket.AcknowledgedFrames)
            {
                underWay -= Acknowledged();
            }

            _stream.Write(_frame);
            underWay++;
        }

        while (underWay > 0)
        {
            underWay -= Acknowledged();
        }

        _pair.Peer.Answer("tls");
    });

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private int Acknowledged()
    {
        _stream.ReadExactly(_acknowledgement);
        return SendingSocket.AcknowledgedFrames;
    }
}
