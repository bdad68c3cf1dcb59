using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Contests;
using Millrace.Latency;
using Millrace.Measuring;

namespace Millrace.Pairs.Sockets;

/// <summary>Writes frames to the other process with nothing in between: as much as two processes can do.</summary>
/// <remarks>A window of frames may be under way; the receiver acknowledges half a window at a time.</remarks>
internal sealed class SendingSocket : IDisposable
{
    /// <summary>Bytes of a frame.</summary>
    public const int FrameBytes = 64 << 10;

    /// <summary>Frames after which the receiver says so, with one byte.</summary>
    public const int AcknowledgedFrames = 8;

    private const int WindowFrames = 2 * AcknowledgedFrames;

    private readonly Pair _pair;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _frame = new byte[FrameBytes];
    private readonly byte[] _acknowledgement = new byte[1];

    /// <summary>Connects to the other process.</summary>
    public SendingSocket(Pair pair)
    {
        _pair = pair;
        int port = int.Parse(pair.Peer.Ask("socket", "listen"), CultureInfo.InvariantCulture);
        _socket.NoDelay = true;
        _socket.Connect(IPAddress.Loopback, port);
        pair.Peer.Ask("socket", "accept");
        new Random(1).NextBytes(_frame);
    }

    /// <summary>Sends so many frames; their number is a multiple of <see cref="AcknowledgedFrames"/>.</summary>
    public Sample Run(int frames) => _pair.Measure((double)frames * FrameBytes, () =>
    {
        _pair.Peer.Tell("socket", "receive", frames.ToString(CultureInfo.InvariantCulture));
        int underWay = 0;
        for (int i = 0; i < frames; i++)
        {
            if (underWay == WindowFrames)
            {
                underWay -= Acknowledged();
            }

            SendAll(FrameBytes);
            underWay++;
        }

        while (underWay > 0)
        {
            underWay -= Acknowledged();
        }

        _pair.Peer.Answer("socket");
    });

    /// <summary>Sends records when they are due.</summary>
    /// <returns>What the receiver measured.</returns>
    public string RunPaced(int records)
    {
        _pair.Peer.Tell("socket", "paced", records.ToString(CultureInfo.InvariantCulture));
        Pace pace = new(LatencyContests.RecordsPerSecond);
        for (int sent = 0; sent < records;)
        {
            int due = 0;
            while (sent < records && (due + 1) * PacedRecord.Bytes <= FrameBytes
                && pace.TryTake(out PacedRecord record))
            {
                record.Write(_frame.AsSpan(due++ * PacedRecord.Bytes));
                sent++;
            }

            if (due == 0)
            {
                // As the source of the other side does.
                Thread.Yield();
                continue;
            }

            SendAll(due * PacedRecord.Bytes);
        }

        return _pair.Peer.Answer("socket");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void SendAll(int bytes)
    {
        for (int sent = 0; sent < bytes;)
        {
            sent += _socket.Send(_frame.AsSpan(sent, bytes - sent));
        }
    }

    private int Acknowledged() => _socket.Receive(_acknowledgement) == 1
        ? AcknowledgedFrames
        : throw new IOException("The second process closed the connection.");
}
