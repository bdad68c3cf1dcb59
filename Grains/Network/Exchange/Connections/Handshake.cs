using System.Security.Cryptography;
using System.Text;
using Millrace.Execution;
using Millrace.Network.Exchange.Frames;
using Millrace.Network.Exchange.Tls;
using Millrace.Serialization;

namespace Millrace.Network.Exchange.Connections;

/// <summary>How two silos get to know each other: each proves that it has the cluster's secret, without showing
/// it.</summary>
/// <remarks>
/// Hello (version, cluster, silo, nonce) - challenge (silo, nonce, proof) - proof - welcome. A proof is the HMAC-SHA256
/// of everything said so far, with the secret as key and the prover's role in front; both nonces are in it, so nothing
/// said on another connection proves anything here. Either side may refuse, and says why.
/// </remarks>
internal sealed class Handshake(
    ITransportConnection connection, ExchangeIdentity self, string secret, IExecution execution)
{
    /// <summary>Version of handshake and frames. Silos of different versions refuse each other.</summary>
    public const ushort Version = 2;

    private const ulong Magic = 0x45434152_4C4C494D;
    private const int NonceBytes = 32;
    private const int ProofBytes = HMACSHA256.HashSizeInBytes;
    private const int MaxMessageBytes = 1_024;
    private const int MaxDrainedBytes = 64 << 10;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);
    private readonly List<byte> _said = [];

    /// <summary>The part of the silo that connects.</summary>
    /// <returns>The other silo.</returns>
    /// <exception cref="ExchangeRefusedException">The two do not belong together.</exception>
    public async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        await SayAsync(FrameType.Hello, Hello(), cancellationToken);
        byte[] challenge = await HearAsync(FrameType.Challenge, cancellationToken);
        string silo = ReadChallenge(challenge);
        if (!Proves(challenge, "listener"))
        {
            await RefuseAsync($"silo {self.Silo} has another cluster secret", cancellationToken);
            throw Refused($"silo {silo} at {connection.RemoteName} has another cluster secret");
        }

        _said.AddRange(challenge);
        await SayAsync(FrameType.Proof, Proof("connector"), cancellationToken);
        await HearAsync(FrameType.Welcome, cancellationToken);
        return silo;
    }

    /// <summary>The part of the silo that listens.</summary>
    /// <returns>The other silo.</returns>
    /// <exception cref="ExchangeRefusedException">The two do not belong together.</exception>
    public async Task<string> AcceptAsync(CancellationToken cancellationToken)
    {
        byte[] hello = await HearAsync(FrameType.Hello, cancellationToken);
        string silo = await CheckHelloAsync(hello, cancellationToken);
        _said.AddRange(hello);

        using RecordWriter writer = new();
        writer.WriteString(self.Silo);
        writer.WriteRaw(Nonce());
        _said.AddRange(writer.WrittenSpan);
        writer.WriteRaw(Proof("listener"));
        byte[] challenge = writer.WrittenSpan.ToArray();
        _said.AddRange(challenge.AsSpan(challenge.Length - ProofBytes));
        await WriteAsync(FrameType.Challenge, challenge, cancellationToken);

        byte[] proof = await HearAsync(FrameType.Proof, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(proof, Proof("connector")))
        {
            await RefuseAsync($"silo {self.Silo} has another cluster secret", cancellationToken);
            throw Refused($"silo {silo} at {connection.RemoteName} has another cluster secret");
        }

        await WriteAsync(FrameType.Welcome, [], cancellationToken);
        return silo;
    }

    private byte[] Hello()
    {
        using RecordWriter writer = new();
        writer.WriteUInt64(Magic);
        writer.WriteUInt16(Version);
        writer.WriteString(self.Cluster);
        writer.WriteString(self.Silo);
        writer.WriteRaw(Nonce());
        return writer.WrittenSpan.ToArray();
    }

    private async Task<string> CheckHelloAsync(byte[] hello, CancellationToken cancellationToken)
    {
        (string? reason, string silo) = ReadHello(hello);
        if (reason is null)
        {
            return silo;
        }

        await RefuseAsync(reason, cancellationToken);
        throw Refused($"a connection from {connection.RemoteName}: {reason}");
    }

    // The version is read first: what follows it may mean something else there.
    private (string? Reason, string Silo) ReadHello(byte[] hello)
    {
        try
        {
            RecordReader reader = new(hello);
            if (reader.ReadUInt64() != Magic)
            {
                return ("that is no silo's hello", "");
            }

            ushort version = reader.ReadUInt16();
            if (version != Version)
            {
                return ($"silo {self.Silo} speaks version {Version} of the exchange, not {version}", "");
            }

            string cluster = reader.ReadString() ?? "";
            string silo = reader.ReadString() ?? "";
            reader.Skip(NonceBytes);
            reader.ExpectEnd();
            return cluster == self.Cluster
                ? (null, silo)
                : ($"silo {self.Silo} belongs to cluster '{self.Cluster}', not '{cluster}'", silo);
        }
        catch (RecordCorruptedException)
        {
            return ("that is no silo's hello", "");
        }
    }

    private static string ReadChallenge(byte[] challenge)
    {
        try
        {
            RecordReader reader = new(challenge);
            string silo = reader.ReadString() ?? "";
            reader.Skip(NonceBytes + ProofBytes);
            reader.ExpectEnd();
            return silo;
        }
        catch (RecordCorruptedException exception)
        {
            throw new ExchangeProtocolException($"a challenge that is none: {exception.Message}");
        }
    }

    private bool Proves(byte[] challenge, string role)
    {
        Span<byte> expected = stackalloc byte[ProofBytes];
        int said = challenge.Length - ProofBytes;
        Hmac(role, challenge.AsSpan(0, said), expected);
        return CryptographicOperations.FixedTimeEquals(expected, challenge.AsSpan(said));
    }

    private byte[] Proof(string role)
    {
        byte[] proof = new byte[ProofBytes];
        Hmac(role, [], proof);
        return proof;
    }

    private void Hmac(string role, ReadOnlySpan<byte> last, Span<byte> proof)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes($"millrace exchange {role}\0"), .. _said, .. last];
        HMACSHA256.HashData(_key, message, proof);
    }

    private byte[] Nonce() => [.. execution.NewId().ToByteArray(), .. execution.NewId().ToByteArray()];

    private ValueTask SayAsync(FrameType type, byte[] message, CancellationToken cancellationToken)
    {
        _said.AddRange(message);
        return WriteAsync(type, message, cancellationToken);
    }

    private ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) =>
        WriteAsync(FrameType.Refused, Reason.ToBytes(reason), cancellationToken);

    private ValueTask WriteAsync(FrameType type, byte[] message, CancellationToken cancellationToken)
    {
        byte[] frame = new byte[FrameHeader.Bytes + message.Length];
        new FrameHeader(type, FrameFlags.None, 0, message.Length).Write(frame);
        message.CopyTo(frame, FrameHeader.Bytes);
        return connection.WriteAsync([frame], cancellationToken);
    }

    private async Task<byte[]> HearAsync(FrameType expected, CancellationToken cancellationToken)
    {
        byte[] header = await ReadAsync(FrameHeader.Bytes, cancellationToken);
        if (TlsRecord.Begins(header))
        {
            await RefuseAsync($"silo {self.Silo} does not speak TLS", cancellationToken);
            await DrainAsync(cancellationToken);
            throw SpeaksTls();
        }

        FrameHeader frame = FrameHeader.Read(header, MaxMessageBytes);
        byte[] message = await ReadAsync(frame.Length, cancellationToken);
        if (frame.Type == FrameType.Refused)
        {
            throw Refused($"by {connection.RemoteName}: {Reason.Of(message)}");
        }

        return frame.Type == expected
            ? message
            : throw new ExchangeProtocolException($"{expected} expected in the handshake, {frame.Type} found");
    }

    private async Task<byte[]> ReadAsync(int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count)
        {
            int read = await connection.ReadAsync(bytes.AsMemory(have), cancellationToken);
            if (read == 0)
            {
                throw TlsRecord.Begins(bytes.AsSpan(0, have))
                    ? SpeaksTls()
                    : new ExchangeProtocolException("the connection was closed during the handshake");
            }

            have += read;
        }

        return bytes;
    }

    // A connection closed with bytes unread is reset, and the other end may never see why it was refused.
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        byte[] rest = new byte[MaxMessageBytes];
        try
        {
            int left = MaxDrainedBytes;
            for (int read = 1; read > 0 && left > 0; left -= read)
            {
                read = await connection.ReadAsync(rest, cancellationToken);
            }
        }
        catch (IOException)
        {
            // It has gone.
        }
    }

    private ExchangeRefusedException SpeaksTls() => Refused(
        $"{connection.RemoteName}: it speaks TLS; {ExchangeTlsOptions.Section}:{nameof(ExchangeTlsOptions.Enabled)} "
        + "is true there, and not here");

    private static ExchangeRefusedException Refused(string what) => new($"The exchange refused {what}.");
}
