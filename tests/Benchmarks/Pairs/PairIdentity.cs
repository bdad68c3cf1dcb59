using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Network.Exchange.Tls;

namespace Millrace.Pairs;

/// <summary>The certificate that two processes show each other, and nobody else.</summary>
internal static class PairIdentity
{
    /// <summary>Makes one, as a word of an order.</summary>
    public static string Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = new CertificateRequest("CN=benchmarks", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return Convert.ToBase64String(made.Export(X509ContentType.Pkcs12));
    }

    /// <summary>Reads it.</summary>
    public static TlsIdentity Read(string word) => new(
        X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(word), password: null),
        [],
        [],
        TimeProvider.System);
}
