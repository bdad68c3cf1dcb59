namespace Millrace.Tasks;

/// <summary>The doorbell of one silo's exchange, when records travel by grain calls: it takes what other silos write
/// to their connections. Keyed by the silo's address with generation, pinned to that silo, without state of its
/// own.</summary>
/// <remarks>
/// Both ends of a connection write by calls to the other one's silo. What is written is numbered, so that a call may be
/// repeated when its answer was lost, and calls may overtake each other. A call for a silo that is gone throws
/// <see cref="TaskManagerLostException"/>.
/// </remarks>
[Alias("millrace.IExchangeGrain")]
public interface IExchangeGrain : IGrainWithStringKey
{
    /// <summary>What these calls and their limits mean. Raised with each change of them; silos of different versions
    /// refuse each other. What is written by them has a version of its own, which the two silos compare next.</summary>
    const int Version = 1;

    /// <summary>Most bytes of one <see cref="WriteAsync"/>.</summary>
    const int MaxPayloadBytes = 64 << 10;

    /// <summary>Payloads that may be written and not answered yet, in each direction of a connection.</summary>
    const int Window = 8;

    /// <summary>Opens a connection.</summary>
    /// <param name="connection">Chosen by the caller, and known to nobody but the two silos.</param>
    /// <param name="silo">The caller's silo, as <c>SiloAddress.ToParsableString()</c> writes it: calls of the other
    /// direction go there, perhaps before this one is answered.</param>
    /// <param name="version">The caller's <see cref="Version"/>.</param>
    /// <param name="cancellationToken">Gives up; the caller closes the connection then.</param>
    /// <returns>Whether the connection is open; never with a caller of another version.</returns>
    [Alias("Connect")]
    Task<ExchangeAnswer> OpenAsync(
        ExchangeConnectionId connection, string silo, int version, CancellationToken cancellationToken);

    /// <summary>Writes to a connection; answered when the bytes have been read.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="number">Counts the payloads of this direction, from 0.</param>
    /// <param name="payload">1 to <see cref="MaxPayloadBytes"/> bytes, which do not change until the answer has
    /// come.</param>
    /// <returns>False when this end of the connection is closed.</returns>
    [Alias("Write")]
    Task<bool> WriteAsync(ExchangeConnectionId connection, long number, [Immutable] ReadOnlyMemory<byte> payload);

    /// <summary>Says that the caller's end is closed.</summary>
    /// <param name="connection">The connection; one that is unknown is closed already.</param>
    /// <param name="payloads">How many were written: they are read first. Null when some may be lost: then nothing
    /// more is read.</param>
    [Alias("Close")]
    Task CloseAsync(ExchangeConnectionId connection, long? payloads);
}
