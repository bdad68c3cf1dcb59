using System.ComponentModel.DataAnnotations;

namespace Millrace.Storage.Blobs;

/// <summary>How Azure Blob Storage is reached. Section <c>Millrace:AzureStorage</c>.</summary>
public sealed class AzureStorageOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "Millrace:AzureStorage";

    /// <summary>The account behind <c>azblob://container/path</c>: its connection string, which holds a secret and is
    /// shown nowhere.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Client id of the user-assigned managed identity for
    /// <c>https://account.blob.core.windows.net/container/path</c>. Default: that of the machine, or whatever else
    /// Azure.Identity finds.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>How often a request is tried again after throttling, an error of the service, a lost connection or a
    /// timeout. Default 5; 0 to 20.</summary>
    [Range(0, 20)]
    public int MaxRetries { get; set; } = 5;

    /// <summary>From a failed try to the next one; about doubled each time, longer when the service asks for it.
    /// Default 500 ms; 1 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest time from a failed try to the next one. Default 20 s; 1 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one try may be without an answer, or an answer without a further byte. Default 30 s; 100 ms to
    /// 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of one block: what is written and read by one request. A file has at most 50,000 blocks. Default
    /// 4 MB; 64 KB to 100 MB.</summary>
    [Range(64 << 10, 100 << 20)]
    public int BlockBytes { get; set; } = 4 << 20;

    /// <summary>Blocks and small files that this silo sends or fetches at a time; beside them a quarter as many are
    /// removed. Default 16; 1 to 256.</summary>
    [Range(1, 256)]
    public int MaxParallelRequests { get; set; } = 16;
}
