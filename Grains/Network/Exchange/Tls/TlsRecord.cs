namespace Millrace.Network.Exchange.Tls;

/// <summary>What TLS looks like on the wire, for one who does not speak it.</summary>
internal static class TlsRecord
{
    /// <summary>A fatal alert, "handshake failure": what a silo that speaks TLS says to one that does not.</summary>
    public static ReadOnlyMemory<byte> Refusal { get; } = new byte[] { Alert, 3, 3, 0, 2, 2, 40 };

    private const byte ChangeCipherSpec = 20;
    private const byte Alert = 21;
    private const byte ApplicationData = 23;

    /// <summary>Whether bytes that came first are TLS. No frame of a handshake begins so: it would be too
    /// long.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes.Length >= 3
        && bytes[0] is >= ChangeCipherSpec and <= ApplicationData && bytes[1] == 3 && bytes[2] is > 0 and < 5;
}
