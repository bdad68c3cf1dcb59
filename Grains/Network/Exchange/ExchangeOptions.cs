using System.ComponentModel.DataAnnotations;
using Millrace.Network.Exchange.Tls;

namespace Millrace.Network.Exchange;

/// <summary>How records travel between silos. Section <c>Millrace:Exchange</c>.</summary>
public sealed class ExchangeOptions
{
    /// <summary>By which way; the same on all silos. Default <see cref="ExchangeTransport.Tcp"/>.</summary>
    public ExchangeTransport Transport { get; set; }

    /// <summary>Address to listen on, and by which other silos reach this one. Default 127.0.0.1: this machine
    /// alone.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port to listen on. Default 0: any free one. Not used with
    /// <see cref="ExchangeTransport.GrainCalls"/>.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>What all silos of the cluster know and nobody else: without it no connection is accepted. May be empty
    /// on a loopback address only.</summary>
    public string ClusterSecret { get; set; } = "";

    /// <summary>Encryption of the connections, with either transport. Off by default.</summary>
    public ExchangeTlsOptions Tls { get; set; } = new();

    /// <summary>How often a silent connection shows that it lives. Default 1 s; 10 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may be silent before it counts as broken. Default 5 s; at least two
    /// intervals.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "02:00:00")]
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long connecting and proving the cluster secret may take. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes sent to one channel ahead of its consumer, at most, but for the last batch. Default 1 MB:
    /// with less, both ends often wait for each other.</summary>
    [Range(4 << 10, 1 << 30)]
    public int ChannelCreditBytes { get; set; } = 1 << 20;

    /// <summary>Bytes sent ahead to all channels of an input together. One half is divided among the channels, the
    /// other goes to those that use it. Default 8 MB; each channel has 4 KB whatever this says.</summary>
    [Range(64 << 10, 1 << 30)]
    public int GateCreditBytes { get; set; } = 8 << 20;

    /// <summary>Bytes of one read from a connection, at most. Default 256 KB; at least 128 KB.</summary>
    [Range(128 << 10, 16 << 20)]
    public int ReceiveBufferBytes { get; set; } = 256 << 10;

    /// <summary>Largest record, in bytes. Default 64 MB.</summary>
    [Range(64 << 10, 1 << 30)]
    public int MaxRecordBytes { get; set; } = 64 << 20;
}

/// <summary>Ways between silos.</summary>
public enum ExchangeTransport
{
    /// <summary>Connections of our own, one for each ordered pair of silos.</summary>
    Tcp,

    /// <summary>Grain calls, over the connections that the silos have anyway: slower, and no port of its own.</summary>
    GrainCalls,
}
