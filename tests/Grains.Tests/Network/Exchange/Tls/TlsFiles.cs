using System.Security.Cryptography.X509Certificates;
using Millrace.UserCode;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Certificates of a test, in files.</summary>
internal sealed class TlsFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _written;

    public TestAuthority Authority { get; } = new();

    /// <summary>A silo with a certificate of its own that the test's authority has signed, and that trusts others of
    /// that kind.</summary>
    public TlsIdentityFiles Signed(string name) => Of(new ExchangeTlsOptions
    {
        Enabled = true,
        CertificatePath = Pem(Authority.Issue(name)),
        TrustedCertificatesPath = Write("ca.pem", Authority.Pem),
    });

    public static TlsIdentityFiles Of(ExchangeTlsOptions options) => new(options, TimeProvider.System);

    /// <summary>Certificate and key in one PEM file.</summary>
    public string Pem(X509Certificate2 certificate) =>
        Write("silo.pem", $"{certificate.ExportCertificatePem()}\n{Key(certificate)}");

    public string Pfx(X509Certificate2 certificate, string? password) =>
        Write("silo.pfx", certificate.Export(X509ContentType.Pkcs12, password));

    public static string Key(X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public string Write(string name, string content) => Write(name, System.Text.Encoding.ASCII.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        string path = _folder.Combine($"{++_written}-{name}");
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose()
    {
        Authority.Dispose();
        _folder.Dispose();
    }
}
