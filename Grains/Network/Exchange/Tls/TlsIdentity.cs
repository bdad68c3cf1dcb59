using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.Network.Exchange.Tls;

/// <summary>This silo's certificate, and whom it trusts. Thread-safe.</summary>
internal sealed class TlsIdentity
{
    private const string Trusted =
        $"{ExchangeTlsOptions.Section}:{nameof(ExchangeTlsOptions.TrustedCertificatesPath)}";

    private readonly X509Certificate2 _certificate;
    private readonly SslStreamCertificateContext _context;
    private readonly X509Certificate2Collection _trusted;
    private readonly TimeProvider _time;

    /// <param name="certificate">With its private key.</param>
    /// <param name="between">Certificates between it and its CA; perhaps none.</param>
    /// <param name="trusted">CAs; none when only the same certificate is trusted.</param>
    /// <param name="time">By which certificates expire.</param>
    public TlsIdentity(
        X509Certificate2 certificate,
        X509Certificate2Collection between,
        X509Certificate2Collection trusted,
        TimeProvider time)
    {
        _certificate = certificate;
        _context = SslStreamCertificateContext.Create(certificate, between, offline: true);
        _trusted = trusted;
        _time = time;
    }

    /// <summary>Whose certificate it is, as in its text.</summary>
    public string Subject => _certificate.Subject;

    /// <summary>For the end that connects.</summary>
    /// <param name="check">Given what the other end shows; false ends the connection.</param>
    public SslClientAuthenticationOptions ForClient(RemoteCertificateValidationCallback check) => new()
    {
        // Silos are known by their certificate, whatever their address.
        TargetHost = "",
        ClientCertificateContext = _context,
        RemoteCertificateValidationCallback = check,
        CertificateChainPolicy = Policy(),
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    /// <summary>For the end that listens.</summary>
    /// <param name="check">Given what the other end shows; false ends the connection.</param>
    public SslServerAuthenticationOptions ForServer(RemoteCertificateValidationCallback check) => new()
    {
        ServerCertificateContext = _context,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = check,
        CertificateChainPolicy = Policy(),
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    /// <summary>Why the other end is not trusted; null when it is.</summary>
    public string? WhyNot(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is null)
        {
            return "it shows no certificate";
        }

        using X509Certificate2 other = new(shown);
        if (WhyNotNow(other, _time) is string expired)
        {
            return expired;
        }

        if (_trusted.Count == 0)
        {
            return other.RawDataMemory.Span.SequenceEqual(_certificate.RawDataMemory.Span)
                ? null
                : $"its certificate '{other.Subject}' is not the one of this silo, '{Subject}', "
                    + $"and {Trusted} names no CA";
        }

        return (errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0
            ? null
            : $"its certificate '{other.Subject}' is not trusted by {Trusted}: {Reasons(chain)}";
    }

    /// <summary>Why the CAs do not make this silo's own certificate a trusted one; null when they do.</summary>
    public string? WhyNotItself()
    {
        if (_trusted.Count == 0)
        {
            return null;
        }

        using X509Chain chain = new();
        chain.ChainPolicy = Policy();
        foreach (X509Certificate2 between in _context.IntermediateCertificates)
        {
            chain.ChainPolicy.ExtraStore.Add(between);
        }

        return chain.Build(_certificate) ? null : Reasons(chain);
    }

    /// <summary>Why a certificate does not hold at present; null when it does.</summary>
    public static string? WhyNotNow(X509Certificate2 certificate, TimeProvider time)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        DateTime first = certificate.NotBefore.ToUniversalTime();
        DateTime last = certificate.NotAfter.ToUniversalTime();
        return now > last ? $"the certificate '{certificate.Subject}' expired at {last:u}; it is {now:u}"
            : now < first ? $"the certificate '{certificate.Subject}' holds from {first:u}; it is {now:u}"
            : null;
    }

    private static string Reasons(X509Chain? chain) => chain is null || chain.ChainStatus.Length == 0
        ? "no reason given"
        : string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());

    private X509ChainPolicy Policy()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_trusted);
        return policy;
    }
}
