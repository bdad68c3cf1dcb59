namespace Millrace.Network.Exchange.Tls;

/// <summary>TLS between the exchanges of silos. Section <c>Millrace:Exchange:Tls</c>.</summary>
/// <remarks>Both silos of a connection show a certificate and check the other's. All silos have TLS on, or
/// none.</remarks>
public sealed class ExchangeTlsOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:Exchange:Tls";

    /// <summary>Whether connections are encrypted. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>File with the certificate of this silo: PFX, or PEM, where further certificates between it and the CA
    /// may follow. Needed when TLS is on.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file with the private key of the certificate. Default: it is in the certificate's file.</summary>
    public string? KeyPath { get; set; }

    /// <summary>Password of the PFX file or of the PEM key. Default none.</summary>
    public string? Password { get; set; }

    /// <summary>File with the certificates of the CAs (PEM, or one in DER) whose signature makes a silo trusted.
    /// Default: none; a silo is trusted that shows the same certificate as this one.</summary>
    public string? TrustedCertificatesPath { get; set; }
}
