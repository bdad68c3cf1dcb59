using System.Security.Cryptography.X509Certificates;

namespace Millrace.Network.Exchange.Tls;

/// <summary>What cannot work is said when the silo starts, by the name of the setting.</summary>
[TestClass]
public sealed class TlsIdentityFilesTests : IDisposable
{
    private readonly TlsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void A_missing_setting_is_named() =>
        AssertWrong(new ExchangeTlsOptions(), "Millrace:Exchange:Tls:CertificatePath is ''", "a file is needed");

    [TestMethod]
    public void A_file_that_is_not_there_is_named() =>
        AssertWrong(
            new ExchangeTlsOptions { CertificatePath = "/nowhere/silo.pfx" },
            "Millrace:Exchange:Tls:CertificatePath is '/nowhere/silo.pfx'",
            "cannot be read");

    [TestMethod]
    public void Something_else_than_a_certificate_is_named()
    {
        string path = _files.Write("silo.pfx", "hello");
        AssertWrong(new ExchangeTlsOptions { CertificatePath = path }, path, "cannot be read as PFX or PEM");
    }

    [TestMethod]
    public void A_wrong_password_is_named()
    {
        using X509Certificate2 own = _files.Authority.Issue("S1");
        string path = _files.Pfx(own, "right");
        AssertWrong(
            new ExchangeTlsOptions { CertificatePath = path, Password = "wrong" },
            path,
            "Millrace:Exchange:Tls:Password");
    }

    [TestMethod]
    public void A_certificate_without_its_key_is_named()
    {
        using X509Certificate2 own = _files.Authority.Issue("S1");
        string pem = _files.Write("silo.pem", own.ExportCertificatePem());
        string pfx = _files.Write(
            "silo.pfx", X509CertificateLoader.LoadCertificate(own.RawData).Export(X509ContentType.Pkcs12));
        AssertWrong(new ExchangeTlsOptions { CertificatePath = pem }, pem, "no private key");
        AssertWrong(new ExchangeTlsOptions { CertificatePath = pfx }, pfx, "no private key");
        AssertWrong(
            new ExchangeTlsOptions { CertificatePath = pem, KeyPath = pem },
            "Millrace:Exchange:Tls:KeyPath",
            "no private key");
    }

    [TestMethod]
    public void A_key_of_another_certificate_is_named()
    {
        using X509Certificate2 own = _files.Authority.Issue("S1");
        using X509Certificate2 other = _files.Authority.Issue("S2");
        AssertWrong(
            new ExchangeTlsOptions
            {
                CertificatePath = _files.Write("silo.pem", own.ExportCertificatePem()),
                KeyPath = _files.Write("key.pem", TlsFiles.Key(other)),
            },
            "Millrace:Exchange:Tls:KeyPath",
            "cannot be used for the certificate 'CN=S1'");
    }

    [TestMethod]
    public void A_key_in_a_file_of_its_own_may_have_a_password()
    {
        using X509Certificate2 own = _files.Authority.Issue("S1");
        System.Security.Cryptography.PbeParameters strength = new(
            System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc,
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            1_000);
        string key = own.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("secret", strength);
        ExchangeTlsOptions options = new()
        {
            CertificatePath = _files.Write("silo.pem", own.ExportCertificatePem()),
            KeyPath = _files.Write("key.pem", key),
            Password = "secret",
        };
        Assert.AreEqual("CN=S1", TlsFiles.Of(options).Read().Subject);

        options.Password = null;
        AssertWrong(options, "Millrace:Exchange:Tls:KeyPath", "Millrace:Exchange:Tls:Password");
    }

    [TestMethod]
    [DataRow(-10, -1, "expired at")]
    [DataRow(1, 10, "holds from")]
    public void A_certificate_that_does_not_hold_now_is_named(int firstDay, int lastDay, string reason)
    {
        using X509Certificate2 own = _files.Authority.Issue("S1", firstDay, lastDay);
        AssertWrong(new ExchangeTlsOptions { CertificatePath = _files.Pem(own) }, "'CN=S1'", reason);
    }

    // A silo connects and is connected to.
    [TestMethod]
    public void A_certificate_for_servers_alone_is_named()
    {
        using X509Certificate2 own = _files.Authority.Issue("S1", uses: "1.3.6.1.5.5.7.3.1");
        AssertWrong(new ExchangeTlsOptions { CertificatePath = _files.Pem(own) }, "'CN=S1'", "of clients");
    }

    [TestMethod]
    public void A_CA_that_has_not_signed_the_own_certificate_is_named()
    {
        using TestAuthority other = new("Other CA");
        using X509Certificate2 own = _files.Authority.Issue("S1");
        string trusted = _files.Write("ca.pem", other.Pem);
        AssertWrong(
            new ExchangeTlsOptions { CertificatePath = _files.Pem(own), TrustedCertificatesPath = trusted },
            $"Millrace:Exchange:Tls:TrustedCertificatesPath is '{trusted}'",
            "'CN=S1'");
    }

    [TestMethod]
    public void A_file_of_CAs_without_any_is_named()
    {
        using X509Certificate2 own = _files.Authority.Issue("S1");
        foreach (string content in new[] { "hello", TlsFiles.Key(own) })
        {
            AssertWrong(
                new ExchangeTlsOptions
                {
                    CertificatePath = _files.Pem(own),
                    TrustedCertificatesPath = _files.Write("ca.pem", content),
                },
                "Millrace:Exchange:Tls:TrustedCertificatesPath",
                "file");
        }
    }

    private static void AssertWrong(ExchangeTlsOptions options, string setting, string reason)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => TlsFiles.Of(options).Read());
        StringAssert.Contains(error.Message, setting);
        StringAssert.Contains(error.Message, reason);
    }
}
