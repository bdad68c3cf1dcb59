using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

/// <summary>TLS over one connection.</summary>
internal sealed class TlsConnection : ITransportConnection
{
    private const string Switch = $"{ExchangeTlsOptions.Section}:{nameof(ExchangeTlsOptions.Enabled)}";

    private readonly ITransportConnection _plain;
    private readonly ConnectionStream _bytes;
    private readonly SslStream _tls;
    private readonly TlsIdentity _identity;
    private readonly bool _accepted;
    private readonly Lock _lock = new();
    private Task? _setUp;
    private string? _distrust;
    private bool _heard;

    /// <param name="plain">The connection below; disposed with this one.</param>
    /// <param name="identity">This silo's certificate, and whom it trusts.</param>
    /// <param name="accepted">Whether the other end has opened it.</param>
    public TlsConnection(ITransportConnection plain, TlsIdentity identity, bool accepted)
    {
        _plain = plain;
        _identity = identity;
        _accepted = accepted;
        _bytes = new ConnectionStream(plain);
        _tls = new SslStream(_bytes, leaveInnerStreamOpen: true);
    }

    /// <inheritdoc/>
    public string RemoteName => _plain.RemoteName;

    /// <summary>Sets TLS up; the first caller's token counts.</summary>
    /// <exception cref="ExchangeRefusedException">The two do not trust each other, or only one speaks TLS.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public Task SetUpAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _setUp ??= AuthenticateAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await SetUpAsync(cancellationToken);
        int read;
        try
        {
            read = await _tls.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            // The end that connects is done before the other one has looked at its certificate.
            throw !_heard && _bytes.Broken is null && exception is not ObjectDisposedException
                ? Refused(exception)
                : Broken(exception);
        }

        if (read == 0 && !_heard)
        {
            throw EndedEarly("it was closed");
        }

        _heard = true;
        return read;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        await SetUpAsync(cancellationToken);
        try
        {
            await FullRecords.WriteAsync(_tls, parts, cancellationToken);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Broken(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _plain.DisposeAsync();
        await _tls.DisposeAsync();
    }

    private async Task AuthenticateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (_accepted
                ? _tls.AuthenticateAsServerAsync(_identity.ForServer(Check), cancellationToken)
                : _tls.AuthenticateAsClientAsync(_identity.ForClient(Check), cancellationToken));
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            if (_bytes.First.Length > 0 && !TlsRecord.Begins(_bytes.First))
            {
                await SayNoAsync(cancellationToken);
                throw new ExchangeRefusedException(
                    $"{RemoteName} does not speak TLS: {Switch} is true here, and not there.");
            }

            throw _distrust is not null || (exception is AuthenticationException && _bytes.Broken is null)
                ? Refused(exception)
                : Broken(exception);
        }
    }

    private bool Check(
        object sender,
        X509Certificate? certificate,
        X509Chain? chain,
        SslPolicyErrors errors)
    {
        _distrust = _identity.WhyNot(certificate, chain, errors);
        return _distrust is null;
    }

    // So that one that does not speak TLS learns why it is not answered.
    private async Task SayNoAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _plain.WriteAsync([TlsRecord.Refusal], cancellationToken);
        }
        catch (IOException)
        {
            // It does not listen.
        }
    }

    private static bool IsBroken(Exception exception) =>
        exception is AuthenticationException or IOException or ObjectDisposedException or InvalidOperationException;

    private ExchangeRefusedException Refused(Exception exception) => _distrust is string distrust
        ? new($"The exchange does not trust {RemoteName}: {distrust}.")
        : new($"{RemoteName} refused TLS as it is set up here ({ExchangeTlsOptions.Section}, certificate "
            + $"'{_identity.Subject}'): {(exception.InnerException ?? exception).Message}");

    private IOException Broken(Exception exception) => !_heard
        ? EndedEarly(exception.Message)
        : _bytes.Broken ?? new IOException($"The connection to {RemoteName} broke: {exception.Message}", exception);

    // The other end closes the connection when it is not content, which may overtake what it has to say.
    private IOException EndedEarly(string how) => new(
        $"The connection to {RemoteName} ended before anything was said over TLS ({how}): the silo there stopped, does "
        + $"not trust the certificate '{_identity.Subject}' ({ExchangeTlsOptions.Section}), or has no {Switch}; "
        + "its log says which.",
        _bytes.Broken);
}
