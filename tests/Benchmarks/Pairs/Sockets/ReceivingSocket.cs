using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Latency;

namespace Millrace.Pairs.Sockets;

/// <summary>Reads what the first process writes to a socket.</summary>
internal sealed class ReceivingSocket : IPeerRole
{
    private readonly byte[] _frame = new byte[SendingSocket.FrameBytes];
    private Socket? _listener;
    private Socket? _socket;

    private Socket Connected => _socket ?? throw new InvalidOperationException("Nobody has connected.");

    /// <inheritdoc/>
    public string Do(string verb, string[] arguments) => verb switch
    {
        "listen" => Listen(),
        "accept" => Accept(),
        "receive" => Receive(int.Parse(arguments[0], CultureInfo.InvariantCulture)),
        "paced" => ReceivePaced(int.Parse(arguments[0], CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"A socket does not '{verb}'."),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener?.Dispose();
        _socket?.Dispose();
    }

    private string Listen()
    {
        Dispose();
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        return ((IPEndPoint)_listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }

    private string Accept()
    {
        _socket = _listener!.Accept();
        _socket.NoDelay = true;
        return "";
    }

    private string Receive(int frames)
    {
        byte[] acknowledgement = new byte[1];
        for (int i = 1; i <= frames; i++)
        {
            Read(_frame);
            if (i % SendingSocket.AcknowledgedFrames == 0)
            {
                Connected.Send(acknowledgement);
            }
        }

        return "";
    }

    // Whatever is there is taken at once; a record cut off is completed by the next read.
    private string ReceivePaced(int records)
    {
        Latencies latencies = new(records);
        int have = 0;
        while (latencies.Count < records)
        {
            int read = Connected.Receive(_frame.AsSpan(have));
            have += read > 0 ? read : throw new IOException("The first process closed the connection.");
            long now = TimeProvider.System.GetTimestamp();
            int used = 0;
            for (; have - used >= PacedRecord.Bytes; used += PacedRecord.Bytes)
            {
                latencies.Add(now - PacedRecord.Read(_frame.AsSpan(used)).Scheduled);
            }

            _frame.AsSpan(used, have - used).CopyTo(_frame);
            have -= used;
        }

        return latencies.ToText();
    }

    private void Read(Span<byte> all)
    {
        while (!all.IsEmpty)
        {
            int read = Connected.Receive(all);
            all = all[(read > 0 ? read : throw new IOException("The first process closed the connection."))..];
        }
    }
}
