using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace Millrace.Storage.Blobs;

/// <summary>The accounts that addresses lead to, and who we are to them. Thread-safe.</summary>
internal sealed class BlobAccounts
{
    private readonly ConcurrentDictionary<string, BlobServiceClient> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly AzureStorageOptions _options;
    private readonly Lazy<TokenCredential> _credential;
    private readonly BlobClientOptions _clientOptions;

    /// <param name="options">How accounts are reached.</param>
    /// <param name="configure">Changes how requests are sent, for tests.</param>
    /// <param name="credential">Who we are to accounts without a connection string; null for what Azure.Identity
    /// finds.</param>
    public BlobAccounts(
        AzureStorageOptions options, Action<BlobClientOptions>? configure = null, TokenCredential? credential = null)
    {
        _options = options;
        _credential = new Lazy<TokenCredential>(() => credential ?? CreateCredential(options));
        _clientOptions = new BlobClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = options.MaxRetries,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                NetworkTimeout = options.RequestTimeout,
            },
            Diagnostics = { ApplicationId = "Millrace" },
        };
        configure?.Invoke(_clientOptions);
    }

    /// <summary>Why a text is no connection string, without repeating any of it; or null when it is one.</summary>
    public static string? ProblemOf(string connectionString)
    {
        try
        {
            _ = new BlobServiceClient(connectionString);
            return null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return exception is FormatException ? exception.Message : "a part of it does not read.";
        }
    }

    /// <summary>The container of an address.</summary>
    /// <exception cref="IOException">There is no connection string.</exception>
    public BlobContainerClient ContainerOf(BlobAddress address) => _accounts
        .GetOrAdd(address.Account?.AbsoluteUri ?? "", _ => Connect(address.Account))
        .GetBlobContainerClient(address.Container);

    private static DefaultAzureCredential CreateCredential(AzureStorageOptions options) => new(
        new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.ManagedIdentityClientId });

    private BlobServiceClient Connect(Uri? account)
    {
        if (account is not null)
        {
            return new BlobServiceClient(account, _credential.Value, _clientOptions);
        }

        return string.IsNullOrWhiteSpace(_options.ConnectionString)
            ? throw new IOException(
                $"{AzureStorageOptions.Section}:{nameof(AzureStorageOptions.ConnectionString)} is missing; addresses "
                + $"{BlobAddress.ConnectionScheme}://container/path need it.")
            : new BlobServiceClient(_options.ConnectionString, _clientOptions);
    }
}
