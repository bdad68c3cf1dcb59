using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Millrace.Network.Exchange.Tls;

/// <summary>Reads certificates and keys from the files that the options name.</summary>
/// <param name="options">TLS is on.</param>
/// <param name="time">By which certificates expire.</param>
internal sealed class TlsIdentityFiles(ExchangeTlsOptions options, TimeProvider time)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const string Pem = "-----BEGIN ";
    private const string PemKey = "PRIVATE KEY-----";
    private const string EncryptedPemKey = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    /// <summary>Reads everything.</summary>
    /// <exception cref="ArgumentException">Something cannot work; the message names the setting.</exception>
    public TlsIdentity Read()
    {
        X509Certificate2Collection found = ReadOwn();
        X509Certificate2 own = found.FirstOrDefault(static certificate => certificate.HasPrivateKey)
            ?? throw Wrong(
                nameof(options.CertificatePath),
                options.CertificatePath,
                "the file has no private key; a certificate with its key is needed, or "
                    + KeyOf(nameof(options.KeyPath)));
        found.Remove(own);
        if (TlsIdentity.WhyNotNow(own, time) is string expired)
        {
            throw Wrong(nameof(options.CertificatePath), options.CertificatePath, expired);
        }

        RequireBothUses(own);
        TlsIdentity identity = new(own, found, ReadTrusted(), time);
        return identity.WhyNotItself() is string reason
            ? throw Wrong(
                nameof(options.TrustedCertificatesPath),
                options.TrustedCertificatesPath,
                $"it does not make this silo's own certificate '{own.Subject}' a trusted one: {reason}")
            : identity;
    }

    private X509Certificate2Collection ReadOwn()
    {
        byte[] content = ReadFile(nameof(options.CertificatePath), options.CertificatePath);
        string? pem = PemOf(content);
        try
        {
            return pem is null
                ? X509CertificateLoader.LoadPkcs12Collection(content, options.Password)
                : ReadPem(pem);
        }
        catch (CryptographicException exception)
        {
            throw Wrong(
                nameof(options.CertificatePath),
                options.CertificatePath,
                $"the file cannot be read as PFX or PEM with {KeyOf(nameof(options.Password))}: {exception.Message}",
                exception);
        }
    }

    private X509Certificate2Collection ReadPem(string pem)
    {
        X509Certificate2Collection found = [];
        found.ImportFromPem(pem);
        if (found.Count == 0)
        {
            throw Wrong(nameof(options.CertificatePath), options.CertificatePath, "the file has no certificate");
        }

        string? key = options.KeyPath is null
            ? pem
            : PemOf(ReadFile(nameof(options.KeyPath), options.KeyPath));
        if (key?.Contains(PemKey, StringComparison.Ordinal) != true)
        {
            return options.KeyPath is null
                ? found
                : throw Wrong(nameof(options.KeyPath), options.KeyPath, "the file has no private key in PEM");
        }

        // The first one is the silo's own, as everywhere in PEM files of TLS.
        X509Certificate2 own = found[0];
        found[0] = WithKey(own, key);
        own.Dispose();
        return found;
    }

    private X509Certificate2 WithKey(X509Certificate2 certificate, string key)
    {
        string pem = certificate.ExportCertificatePem();
        try
        {
            X509Certificate2 made = key.Contains(EncryptedPemKey, StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPem(pem, key, options.Password)
                : X509Certificate2.CreateFromPem(pem, key);

            // Windows uses keys only that it has stored itself.
            return OperatingSystem.IsWindows()
                ? X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null)
                : made;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            string setting = options.KeyPath is null ? nameof(options.CertificatePath) : nameof(options.KeyPath);
            throw Wrong(
                setting,
                options.KeyPath ?? options.CertificatePath,
                $"its private key cannot be used for the certificate '{certificate.Subject}' with "
                    + $"{KeyOf(nameof(options.Password))}: {exception.Message}",
                exception);
        }
    }

    private X509Certificate2Collection ReadTrusted()
    {
        X509Certificate2Collection trusted = [];
        if (options.TrustedCertificatesPath is null)
        {
            return trusted;
        }

        const string Setting = nameof(options.TrustedCertificatesPath);
        byte[] content = ReadFile(Setting, options.TrustedCertificatesPath);
        try
        {
            if (PemOf(content) is string pem)
            {
                trusted.ImportFromPem(pem);
            }
            else
            {
                trusted.Add(X509CertificateLoader.LoadCertificate(content));
            }
        }
        catch (CryptographicException exception)
        {
            throw Wrong(
                Setting,
                options.TrustedCertificatesPath,
                $"the file cannot be read as PEM or DER: {exception.Message}",
                exception);
        }

        return trusted.Count > 0
            ? trusted
            : throw Wrong(Setting, options.TrustedCertificatesPath, "the file has no certificate");
    }

    private static byte[] ReadFile(string setting, string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw Wrong(setting, path, $"a file is needed when {KeyOf(nameof(ExchangeTlsOptions.Enabled))} is true");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(setting, path, $"the file cannot be read: {exception.Message}", exception);
        }
    }

    // A silo connects to others and is connected to, with the same certificate.
    private void RequireBothUses(X509Certificate2 own)
    {
        X509EnhancedKeyUsageExtension? uses = own.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        string[] allowed = uses is null
            ? []
            : [.. uses.EnhancedKeyUsages.Cast<Oid>().Select(static use => use.Value ?? "")];
        if (uses is not null && !(allowed.Contains(ServerUse) && allowed.Contains(ClientUse)))
        {
            throw Wrong(
                nameof(options.CertificatePath),
                options.CertificatePath,
                $"the certificate '{own.Subject}' may be used for {string.Join(", ", allowed)}; authentication of "
                    + $"servers ({ServerUse}) and of clients ({ClientUse}) is needed");
        }
    }

    private static string? PemOf(byte[] content)
    {
        string text = Encoding.Latin1.GetString(content);
        return text.Contains(Pem, StringComparison.Ordinal) ? text : null;
    }

    private static string KeyOf(string setting) => $"{ExchangeTlsOptions.Section}:{setting}";

    private static ArgumentException Wrong(
        string setting, string? value, string reason, Exception? innerException = null) =>
        new($"{KeyOf(setting)} is '{value}': {reason}.", innerException);
}
